import type { StepTotals } from '../../../shared/contract/engine-steps.ts';
import type { RowEnergy } from '../../../shared/contract/usage-energy.ts';
import type { UsageEntry } from '../../../shared/contract/usage.ts';
import { shareEnergy, type EngineWork, type Stretch, type WorkInStretch } from '../../gateway/index.ts';
import type { Drawn } from '../../hardware/index.ts';
import type { EnergyRecord, HostEnergy } from '../../platform/stores.ts';
import { prefilledIn } from './prefill-progress.ts';

/** What a device drew in a stretch, as far as it was read. */
export interface DeviceStretch {
  readonly device: string;
  readonly isGpu: boolean;
  readonly drawn: Drawn;
}

export interface MeteredStretch {
  readonly stretch: Stretch;
  readonly devices: readonly DeviceStretch[];
  /** Of the requests that have not ended. */
  readonly works: readonly EngineWork[];
  readonly stepsOf: (model: string) => StepTotals;
  /** Whether layers of the model lie on a GPU; else no board's energy is its. */
  readonly usesGpu: (model: string) => boolean;
}

/** Sums of a request by device, until it has ended. A request that ran in a stretch of which nothing is known has none. */
interface Open {
  prefilled: number;
  decoded: number;
  readonly joules: Map<string, number>;
  readonly reasons: Map<string, string>;
}

/** Who drew what: stretch by stretch, until each request has ended and all of its time was shared. */
export interface EnergyAccount {
  /** The request has ended; it is told of once a stretch that reaches its end is settled. */
  ended(entry: UsageEntry, work: EngineWork): void;
  /** @returns the requests whose energy is known now, and what the devices drew */
  settle(metered: MeteredStretch): {
    readonly records: readonly EnergyRecord[];
    readonly host: readonly Omit<HostEnergy, 'atMs'>[];
  };
}

const toRowEnergy = ({ joules, reasons }: Open): RowEnergy => {
  const whole = [...joules].filter(([device]) => !reasons.has(device));
  const missing = [...reasons].map(([device, reason]) => `${device}: ${reason}`);
  return {
    joules: whole.length === 0 ? null : whole.reduce((sum, [, each]) => sum + each, 0),
    devices: whole.map(([device]) => device),
    reason:
      missing.length > 0 ? missing.join('; ') : whole.length === 0 ? 'it ran while no sensor was read' : null,
  };
};

const overlaps = ({ fromMs, toMs }: EngineWork, stretch: Stretch): boolean =>
  fromMs < stretch.toMs && (toMs === null || toMs > stretch.fromMs);

export const createEnergyAccount = (): EnergyAccount => {
  const open = new Map<string, Open>();
  const ended = new Map<string, { readonly entry: UsageEntry; readonly work: EngineWork }>();

  const openOf = (requestId: string): Open => {
    const known = open.get(requestId) ?? {
      prefilled: 0,
      decoded: 0,
      joules: new Map(),
      reasons: new Map(),
    };
    open.set(requestId, known);
    return known;
  };

  /** What ran in the stretch, with what each had processed since it was seen last. */
  const worksIn = ({ stretch, works, stepsOf }: MeteredStretch): readonly WorkInStretch[] => {
    const all = new Map(
      [...works, ...[...ended.values()].map(({ work }) => work)].map((work) => [work.requestId, work]),
    );
    const running = [...all.values()].filter((work) => overlaps(work, stretch));
    return [...Map.groupBy(running, ({ model }) => model)].flatMap(([model, ofOne]) => {
      const parts = ofOne.map((work) => ({ work, before: openOf(work.requestId).prefilled }));
      const prefilled = prefilledIn(parts, stepsOf(model).prefilled, stretch);
      return ofOne.map((work, index) => {
        const account = openOf(work.requestId);
        const done = {
          prefilled: prefilled[index] ?? 0,
          decoded: Math.max(0, work.outputTokens - account.decoded),
        };
        account.prefilled += done.prefilled;
        account.decoded = work.outputTokens;
        return { ...work, ...done };
      });
    });
  };

  return {
    ended: (entry, work) => void ended.set(entry.requestId, { entry, work }),
    settle: (metered) => {
      const { stretch, devices, stepsOf, usesGpu } = metered;
      const works = worksIn(metered);
      if (!devices.some(({ isGpu }) => isGpu)) {
        for (const { requestId } of works.filter(({ model }) => usesGpu(model))) {
          openOf(requestId).reasons.set('GPU board', 'no board has told its energy');
        }
      }
      const host = devices.flatMap(({ device, isGpu, drawn }): Omit<HostEnergy, 'atMs'>[] => {
        const own = isGpu ? works.filter(({ model }) => usesGpu(model)) : works;
        if ('reason' in drawn) {
          for (const { requestId } of own) openOf(requestId).reasons.set(device, drawn.reason);
          return [];
        }
        const { joules } = drawn;
        const { shares, idleJoules } = shareEnergy({ ...stretch, joules }, own, stepsOf);
        for (const { requestId } of own) {
          const sums = openOf(requestId).joules;
          sums.set(device, (sums.get(device) ?? 0) + (shares.get(requestId) ?? 0));
        }
        const seconds = (stretch.toMs - stretch.fromMs) / 1000;
        return [{ device, requestJoules: joules - idleJoules, idleJoules, seconds }];
      });
      const done = [...ended.values()].filter(({ work }) => (work.toMs ?? Infinity) <= stretch.toMs);
      const records = done.map(({ entry }) => {
        const energy = toRowEnergy(openOf(entry.requestId));
        open.delete(entry.requestId);
        ended.delete(entry.requestId);
        return { entry, energy };
      });
      return { records, host };
    },
  };
};
