import type { Clock, Files } from '../../platform/ports.ts';
import { known, unknown, type Reading } from '../reading.ts';
import { readText, readTexts } from './read-text.ts';

/** Shell command that lets every user read the energy counters until the next start of the machine. */
export const RAPL_RECIPE = 'sudo chmod -R a+r /sys/class/powercap/intel-rapl*';

const FOLDER = '/sys/class/powercap';
const FORBIDDEN = `the energy counter of the CPU may be read by root only; allow it with: ${RAPL_RECIPE}`;
const MISSING = 'this CPU, virtual machine or kernel has no RAPL energy counter';

interface Zone {
  readonly name: string;
  readonly path: string;
  /** Where the counter begins anew, microjoules; `null` where that may not be read (seen root only, powerapi-ng/pyJoules#13). */
  readonly rangeMicrojoules: number | null;
}

/** Energy between two readings of a counter that begins anew after `range`. All in one unit. */
export const counterDelta = (before: number, now: number, range: number): number =>
  now >= before ? now - before : now + range - before;

/** The package zones; parts of a package (core, uncore, dram) and the whole platform (psys) are not added. */
const findZones = async (files: Files): Promise<readonly Zone[]> => {
  const entries = (await files.list(FOLDER)).filter(({ name }) => /^intel-rapl:\d+$/.test(name));
  const zones = await Promise.all(
    entries.map(async ({ path }) => {
      const texts = await readTexts(files, [
        ['name', `${path}/name`],
        ['range', `${path}/max_energy_range_uj`],
      ]);
      const name = texts.get('name')?.text ?? '';
      const range = Number(texts.get('range')?.text ?? Number.NaN);
      return { name, path: `${path}/energy_uj`, rangeMicrojoules: range > 0 ? range : null };
    }),
  );
  return zones.filter(({ name }) => name.startsWith('package'));
};

export interface RaplReadings {
  /** Since the first reading. */
  readonly energyJoules: Reading;
  readonly powerWatts: Reading;
}

/** Adds up the energy counters of all CPU packages from its first reading on. Works on Intel and AMD. */
export const createRapl = (files: Files, clock: Pick<Clock, 'monotonicMs'>) => {
  let zones: readonly Zone[] | undefined;
  let last: { readonly atMs: number; readonly microjoules: readonly number[] } | undefined;
  let totalJoules = 0;

  return async (): Promise<RaplReadings> => {
    zones ??= await findZones(files);
    const none = (reason: string) => ({ energyJoules: unknown(reason), powerWatts: unknown(reason) });
    if (zones.length === 0) return none(MISSING);
    // without the range a counter that began anew would give any energy, even a negative one
    const ranges = zones.flatMap(({ rangeMicrojoules }) => rangeMicrojoules ?? []);
    if (ranges.length < zones.length) return none(FORBIDDEN);
    const texts = await Promise.all(zones.map(({ path }) => readText(files, path)));
    const atMs = clock.monotonicMs();
    const microjoules = texts.map(({ text }) => (text === null || text === '' ? Number.NaN : Number(text)));
    const silent = texts.find((each) => each.text === null);
    if (silent?.text === null) return none(silent.reason.includes('root only') ? FORBIDDEN : silent.reason);
    if (microjoules.some(Number.isNaN)) return none('the energy counter of the CPU is not a number');

    const source = `RAPL ${zones.map(({ name }) => name).join(' + ')}`;
    const before = last;
    last = { atMs, microjoules };
    if (before === undefined)
      return { energyJoules: known(0, source), powerWatts: unknown('needs two readings') };
    const joules = ranges.reduce((sum, range, index) => {
      const now = microjoules[index] ?? 0;
      return sum + counterDelta(before.microjoules[index] ?? now, now, range) * 1e-6;
    }, 0);
    totalJoules += joules;
    const seconds = (atMs - before.atMs) / 1000;
    return {
      energyJoules: known(totalJoules, source),
      powerWatts: seconds > 0 ? known(joules / seconds, source) : unknown('needs two readings'),
    };
  };
};
