import type { Clock, Logger, Processes } from '../../platform/ports.ts';
import { known, unknown } from '../reading.ts';
import {
  localCounterName,
  parseDirectXAdapters,
  parseTypeperf,
  readGpuUse,
  type WindowsAdapter,
  type WindowsGpuUse,
} from '../vendors/windows.ts';
import { createFeed } from './feed.ts';
import type { GpuReadings, MachineCounters, MemoryReadings, Probe } from './probe.ts';
import { gpuVendorOf } from '../vendors/pci.ts';

interface WindowsPorts {
  readonly processes: Pick<Processes, 'run'>;
  readonly clock: Clock;
  readonly log: Logger;
}

const TIMEOUT_MS = 15_000;
const PERFLIB = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Perflib';

/** Graphics adapters with their 64-bit memory sizes, from the registry. */
export const queryAdapters = async (
  processes: Pick<Processes, 'run'>,
  signal: AbortSignal,
): Promise<readonly WindowsAdapter[]> => {
  const answer = await processes.run('reg', ['query', 'HKLM\\SOFTWARE\\Microsoft\\DirectX', '/s'], {
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  return parseDirectXAdapters(answer?.stdout ?? '');
};

/** The vendor of an adapter's numeric PCI id. */
export const adapterVendor = (adapter: WindowsAdapter) =>
  gpuVendorOf(`0x${adapter.vendorId.toString(16)}`) ?? 'other';

/** Paths of the GPU counters in the system's language; typeperf knows no other. */
const counterPaths = async (
  processes: Pick<Processes, 'run'>,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const list = async (language: string): Promise<string> => {
    const answer = await processes.run('reg', ['query', `${PERFLIB}\\${language}`, '/v', 'Counter'], {
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    return answer?.stdout ?? '';
  };
  const [english, local] = await Promise.all([list('009'), list('CurrentLanguage')]);
  const name = (text: string) => localCounterName(text, english, local);
  return [
    `\\${name('GPU Engine')}(*)\\${name('Utilization Percentage')}`,
    `\\${name('GPU Adapter Memory')}(*)\\${name('Dedicated Usage')}`,
  ];
};

interface WindowsGpus {
  readonly adapters: readonly WindowsAdapter[];
  readonly use: readonly WindowsGpuUse[];
}

const toReadings = (adapter: WindowsAdapter, use: WindowsGpuUse | undefined): GpuReadings => {
  const sensors = unknown("Windows's counters do not tell it");
  const shared = unknown("the GPU shares the system's memory");
  const value = (number: number | null | undefined) =>
    typeof number === 'number' ? known(number, 'typeperf') : unknown('typeperf has no counter for this GPU');
  return {
    id: `${adapterVendor(adapter)}:${adapter.luid}`,
    vendor: adapterVendor(adapter),
    isUnified: adapter.isIntegrated,
    utilizationPercent: value(use?.utilizationPercent),
    memoryUsedBytes: adapter.isIntegrated ? shared : value(use?.memoryUsedBytes),
    memoryTotalBytes: adapter.isIntegrated
      ? shared
      : adapter.dedicatedBytes === null
        ? sensors
        : known(adapter.dedicatedBytes, 'registry (DirectX)'),
    temperatureC: sensors,
    powerWatts: sensors,
    coreClockMhz: sensors,
    memoryClockMhz: sensors,
    fanPercent: sensors,
    throttleReasons: sensors,
  };
};

/**
 * GPUs of other vendors than NVIDIA through typeperf. It fixes the list of processes when it starts and takes a second
 * per sample, so it is started anew for each pair of samples.
 */
export const createWindowsGpus = (ports: WindowsPorts): Probe<readonly GpuReadings[]> => {
  let paths: readonly string[] | undefined;
  let adapters: readonly WindowsAdapter[] | undefined;
  const feed = createFeed<WindowsGpus>(ports, {
    name: 'typeperf',
    everyMs: 1_000,
    ask: async (signal) => {
      paths ??= await counterPaths(ports.processes, signal);
      adapters ??= (await queryAdapters(ports.processes, signal)).filter(
        (each) => adapterVendor(each) !== 'nvidia',
      );
      if (adapters.length === 0) return { value: { adapters, use: [] } };
      // shares need two samples; the first row is blank
      const args = [...paths, '-si', '1', '-sc', '2'];
      const answer = await ports.processes.run('typeperf', args, { timeoutMs: TIMEOUT_MS, signal });
      const table = parseTypeperf(answer?.stdout ?? '');
      return { value: { adapters, use: table === undefined ? [] : readGpuUse(table) } };
    },
  });
  return {
    read: () => {
      const { value } = feed.latest();
      const { adapters: seen, use } = value ?? { adapters: [], use: [] };
      return Promise.resolve(
        seen.map((adapter) =>
          toReadings(
            adapter,
            use.find(({ luid }) => luid === adapter.luid),
          ),
        ),
      );
    },
    [Symbol.dispose]: () => feed[Symbol.dispose](),
  };
};

/** Memory through what the runtime tells. */
export const createRuntimeMemory = (
  counters: Pick<MachineCounters, 'totalMemoryBytes' | 'freeMemoryBytes'>,
): Probe<MemoryReadings> => ({
  read: () =>
    Promise.resolve({
      totalBytes: counters.totalMemoryBytes(),
      availableBytes: counters.freeMemoryBytes(),
      source: 'operating system, through Node.js',
      swapUsedBytes: unknown('Dyno does not read the page file of this system'),
      pressurePercent: unknown('only Linux keeps pressure-stall information'),
    }),
  [Symbol.dispose]: () => undefined,
});
