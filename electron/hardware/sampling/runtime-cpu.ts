import { unknown } from '../reading.ts';
import { createCpuLoad } from './cpu-load.ts';
import type { CpuReadings, MachineCounters, Probe } from './probe.ts';

/** The CPU through what the runtime itself counts, for platforms without /proc. `why` stands at all it cannot tell. */
export const createRuntimeCpu = (
  counters: Pick<MachineCounters, 'cores'>,
  why: { readonly clock: string; readonly sensors: string },
): Probe<CpuReadings> => {
  const loadOf = createCpuLoad('operating system, through Node.js');
  return {
    read: () => {
      const { utilizationPercent, perCorePercent } = loadOf(counters.cores());
      return Promise.resolve({
        utilizationPercent,
        perCorePercent,
        clockMhz: unknown(why.clock),
        temperatureC: unknown(why.sensors),
        packagePowerWatts: unknown(why.sensors),
        packageEnergyJoules: unknown(why.sensors),
      });
    },
    [Symbol.dispose]: () => undefined,
  };
};
