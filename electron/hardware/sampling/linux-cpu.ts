import type { Clock, Files } from '../../platform/ports.ts';
import { known, unknown, type Reading } from '../reading.ts';
import { parseClocksMhz, parseProcStat } from '../vendors/cpu.ts';
import { createCpuLoad, workingClockMhz } from './cpu-load.ts';
import { createCpuTemperature } from './cpu-temperature.ts';
import type { CpuReadings, Probe } from './probe.ts';
import { createRapl } from './rapl.ts';
import { readText, readTexts } from './read-text.ts';

/** Each clock file can cost the kernel an interrupt to that core: a big machine is sampled, not read out. */
const MAX_CLOCK_FILES = 16;
const CPUS = '/sys/devices/system/cpu';

/** At most `count` of `items`, evenly spread. */
const spread = <Item>(items: readonly Item[], count: number): readonly Item[] => {
  const step = Math.max(1, items.length / count);
  return items.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
};

/** Clocks by CPU number, from cpufreq or else from /proc/cpuinfo. */
const createClocks = (files: Files) => {
  let paths: readonly (readonly [string, string])[] | undefined;
  const find = async () => {
    const cpus = (await files.list(CPUS)).filter(({ name }) => /^cpu\d+$/.test(name));
    const candidates = cpus.map(({ name, path }): [string, string] => [
      name.slice(3),
      `${path}/cpufreq/scaling_cur_freq`,
    ]);
    const [first] = candidates;
    const hasCpufreq = first !== undefined && (await files.stat(first[1])) !== undefined;
    return hasCpufreq ? spread(candidates, MAX_CLOCK_FILES) : [];
  };
  return async (loads: ReadonlyMap<number, number>): Promise<Reading> => {
    paths ??= await find();
    if (paths.length > 0) {
      const texts = [...(await readTexts(files, paths))];
      const clocks = texts.flatMap(([cpu, { text }]): [number, number][] =>
        text === null || !(Number(text) > 0) ? [] : [[Number(cpu), Number(text) / 1000]],
      );
      const mhz = workingClockMhz(new Map(clocks), loads);
      return mhz === null ? unknown('cpufreq gave no clock') : known(mhz, 'cpufreq, weighted by load');
    }
    const cpuinfo = (await readText(files, '/proc/cpuinfo')).text ?? '';
    const mhz = workingClockMhz(new Map(parseClocksMhz(cpuinfo).entries()), loads);
    return mhz === null
      ? unknown('this kernel tells no clock (no cpufreq, none in /proc/cpuinfo)')
      : known(mhz, '/proc/cpuinfo, weighted by load');
  };
};

/** The CPU through Linux's files. */
export const createLinuxCpu = (files: Files, clock: Pick<Clock, 'monotonicMs'>): Probe<CpuReadings> => {
  const loadOf = createCpuLoad('/proc/stat');
  const clocks = createClocks(files);
  const temperature = createCpuTemperature(files);
  const rapl = createRapl(files, clock);
  return {
    read: async () => {
      const [statText, temperatureC, energy] = await Promise.all([
        readText(files, '/proc/stat'),
        temperature(),
        rapl(),
      ]);
      const { utilizationPercent, perCorePercent, byCpu } = loadOf(
        parseProcStat(statText.text ?? '')?.cores ?? [],
      );
      return {
        utilizationPercent,
        perCorePercent,
        clockMhz: await clocks(byCpu),
        temperatureC,
        packagePowerWatts: energy.powerWatts,
        packageEnergyJoules: energy.energyJoules,
      };
    },
    [Symbol.dispose]: () => undefined,
  };
};
