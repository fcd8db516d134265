import type { Clock, Logger, Processes } from '../../platform/ports.ts';
import { known, unknown } from '../reading.ts';
import { parseIoreg, parseSwapUsage, parseVmStat } from '../vendors/apple.ts';
import { createFeed } from './feed.ts';
import type { GpuReadings, MachineCounters, MemoryReadings, Probe } from './probe.ts';

interface ApplePorts {
  readonly processes: Pick<Processes, 'run'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Each question starts a program; twice a second would be felt on battery. */
const GPU_EVERY_MS = 1_000;
const MEMORY_EVERY_MS = 2_000;
const TIMEOUT_MS = 5_000;

/** What ioreg is asked, also by the inventory. */
export const ioregArguments = ['-r', '-d', '1', '-c', 'IOAccelerator', '-a'] as const;

/** GPUs of a Mac through ioreg, asked once a second. */
export const createAppleGpus = (ports: ApplePorts): Probe<readonly GpuReadings[]> => {
  const feed = createFeed(ports, {
    name: 'ioreg',
    everyMs: GPU_EVERY_MS,
    ask: async (signal) => {
      const answer = await ports.processes.run('ioreg', ioregArguments, { timeoutMs: TIMEOUT_MS, signal });
      return answer === undefined ? unknown('ioreg is not installed') : { value: parseIoreg(answer.stdout) };
    },
  });
  return {
    read: () =>
      Promise.resolve(
        (feed.latest().value ?? []).map((gpu, index): GpuReadings => {
          const missing = unknown('macOS does not tell it without root');
          return {
            id: `apple:${index}`,
            vendor: 'apple',
            isUnified: gpu.isUnified,
            utilizationPercent: gpu.utilizationPercent,
            memoryUsedBytes: gpu.memoryUsedBytes,
            memoryTotalBytes: gpu.memoryTotalBytes,
            temperatureC: gpu.temperatureC,
            powerWatts: gpu.powerWatts,
            coreClockMhz: gpu.coreClockMhz,
            memoryClockMhz: gpu.memoryClockMhz,
            fanPercent: gpu.fanPercent,
            throttleReasons: missing,
          };
        }),
      ),
    [Symbol.dispose]: () => feed[Symbol.dispose](),
  };
};

/** Memory of a Mac through vm_stat and sysctl, asked every two seconds. */
export const createAppleMemory = (
  ports: ApplePorts,
  counters: Pick<MachineCounters, 'totalMemoryBytes' | 'freeMemoryBytes'>,
): Probe<MemoryReadings> => {
  const feed = createFeed(ports, {
    name: 'vm_stat',
    everyMs: MEMORY_EVERY_MS,
    ask: async (signal) => {
      const options = { timeoutMs: TIMEOUT_MS, signal };
      const [vmStat, swap] = await Promise.all([
        ports.processes.run('vm_stat', [], options),
        ports.processes.run('sysctl', ['vm.swapusage'], options),
      ]);
      const pages = parseVmStat(vmStat?.stdout ?? '');
      if (pages === undefined) return unknown('vm_stat gave no numbers');
      return { value: { availableBytes: pages.availableBytes, swap: parseSwapUsage(swap?.stdout ?? '') } };
    },
  });
  return {
    read: () => {
      const latest = feed.latest();
      return Promise.resolve({
        totalBytes: counters.totalMemoryBytes(),
        availableBytes: latest.value?.availableBytes ?? counters.freeMemoryBytes(),
        source: latest.value === null ? 'Node.js' : 'vm_stat',
        swapUsedBytes:
          latest.value?.swap === undefined
            ? unknown('sysctl vm.swapusage gave no numbers')
            : known(latest.value.swap.usedBytes, 'sysctl vm.swapusage'),
        pressurePercent: unknown('macOS has no pressure-stall information'),
      });
    },
    [Symbol.dispose]: () => feed[Symbol.dispose](),
  };
};
