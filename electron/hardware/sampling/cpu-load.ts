import { known, unknown, type Reading } from '../reading.ts';
import { busyPercent, type CoreTimes } from '../vendors/cpu.ts';

export interface CpuLoad {
  readonly utilizationPercent: Reading;
  readonly perCorePercent: Reading<number[]>;
  /** Busy share by the CPU's number, for weighing clocks. */
  readonly byCpu: ReadonlyMap<number, number>;
}

const sum = (cores: readonly CoreTimes[]) => ({
  busy: cores.reduce((total, core) => total + core.busy, 0),
  total: cores.reduce((total, core) => total + core.total, 0),
});

/** Turns running times of cores into load; keeps the reading before. */
export const createCpuLoad = (source: string) => {
  let before: readonly CoreTimes[] = [];
  return (now: readonly CoreTimes[]): CpuLoad => {
    const previous = new Map(before.map((core) => [core.cpu, core]));
    const seen = now.filter((core) => previous.has(core.cpu));
    const percents = seen.map((core): readonly [number, number] => {
      const past = previous.get(core.cpu) ?? core;
      return [core.cpu, busyPercent(past, core) ?? 0];
    });
    const all = busyPercent(sum(before), sum(now));
    before = now;
    if (all === null || seen.length !== now.length) {
      const reason = unknown('needs two readings');
      return { utilizationPercent: reason, perCorePercent: reason, byCpu: new Map() };
    }
    return {
      utilizationPercent: known(all, source),
      perCorePercent: known(
        percents.map(([, percent]) => percent),
        source,
      ),
      byCpu: new Map(percents),
    };
  };
};

/**
 * The clock at which work is done: clocks of cores weighted by their load; their plain mean while nothing runs.
 * A plain mean would tell mostly the clock of idle cores.
 */
export const workingClockMhz = (
  clocks: ReadonlyMap<number, number>,
  loads: ReadonlyMap<number, number>,
): number | null => {
  if (clocks.size === 0) return null;
  const weighted = [...clocks].map(([cpu, mhz]) => ({ mhz, weight: loads.get(cpu) ?? 0 }));
  const total = weighted.reduce((sumOf, { weight }) => sumOf + weight, 0);
  if (total <= 1) return [...clocks.values()].reduce((sumOf, mhz) => sumOf + mhz, 0) / clocks.size;
  return weighted.reduce((sumOf, { mhz, weight }) => sumOf + mhz * weight, 0) / total;
};
