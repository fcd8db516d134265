import { AppError } from '../../shared/errors/app-error.ts';
import type { BenchPorts } from './ports.ts';

/** Whose turn it is to measure: one at a time, or they would measure each other. */
export interface MeasuringTurn {
  /** Id of what measures now. */
  current(): string | undefined;
  /** @throws AppError `bench.busy` while anything measures */
  assertFree(): void;
  /** Takes the turn until disposed. @throws AppError `bench.busy` */
  take(id: string): Disposable;
}

export const createMeasuringTurn = ({ foreignRun }: Pick<BenchPorts, 'foreignRun'>): MeasuringTurn => {
  let current: string | undefined;
  const assertFree = (): void => {
    const foreign = foreignRun();
    if (foreign !== undefined) {
      throw new AppError('bench.busy', `Another Dyno (process ${foreign.pid}) is running a benchmark.`, {
        hint: 'Wait until it ends, or stop it there: two at a time would measure each other.',
        details: { ...foreign },
      });
    }
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
