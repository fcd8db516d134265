import { AppError } from '../../../shared/errors/app-error.ts';
import type { BenchPorts, ForeignRun } from '../ports.ts';

/** Whose turn it is to measure: one at a time, or they would measure each other. */
export interface MeasuringTurn {
  /** Id of what measures now. */
  current(): string | undefined;
  /** @throws AppError `bench.busy` while anything measures */
  assertFree(): void;
  /** Takes the turn until disposed. @throws AppError `bench.busy` */
  take(id: string): Disposable;
}

const activities: Readonly<Record<ForeignRun['kind'], string>> = {
  bench: 'running a benchmark',
  sweep: 'running a sweep',
  load: 'running a load test',
  quality: 'judging quality',
  'quality-pack': 'writing a reference pack',
};

/** The refusal to measure beside another host. */
export const measuringElsewhere = (foreign: ForeignRun): AppError =>
  new AppError('bench.busy', `Another Dyno (process ${foreign.pid}) is ${activities[foreign.kind]}.`, {
    hint: 'Wait until it ends, or stop it there: two at a time would measure each other.',
    details: { ...foreign },
  });

export const createMeasuringTurn = ({ foreignRun }: Pick<BenchPorts, 'foreignRun'>): MeasuringTurn => {
  let current: string | undefined;
  const assertFree = (): void => {
    const foreign = foreignRun();
    if (foreign !== undefined) throw measuringElsewhere(foreign);
    if (current === undefined) return;
    throw new AppError('bench.busy', undefined, {
      hint: 'Wait until it ends, or cancel it: two at a time would measure each other.',
      details: { runId: current },
    });
  };
  return {
    current: () => current,
    assertFree,
    take: (id) => {
      assertFree();
      current = id;
      return {
        [Symbol.dispose]: () => {
          current = undefined;
        },
      };
    },
  };
};
