import os from 'node:os';
import type { MachineCounters } from '../sampling/probe.ts';

/** Counters of the runtime of this process. */
export const createMachineCounters = (): MachineCounters => ({
  cores: () =>
    os.cpus().map(({ times }, cpu) => {
      const busy = times.user + times.nice + times.sys + times.irq;
      return { cpu, busy, total: busy + times.idle };
    }),
  totalMemoryBytes: () => os.totalmem(),
  freeMemoryBytes: () => os.freemem(),
  availableParallelism: () => os.availableParallelism(),
  ownCpuSeconds: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
});
