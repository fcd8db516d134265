import { known, unknown, type Reading } from '../reading.ts';
import { parsePlist, type PlistValue } from './plist.ts';

/** Parsers of what macOS's own tools print: ioreg, vm_stat, sysctl. Pure. */

export interface AppleGpu {
  readonly name: string;
  /** Discrete cards of Intel Macs have memory of their own. */
  readonly isUnified: boolean;
  readonly coreCount: number | null;
  readonly utilizationPercent: Reading;
  readonly memoryUsedBytes: Reading;
  readonly memoryTotalBytes: Reading;
  readonly temperatureC: Reading;
  readonly fanPercent: Reading;
  readonly coreClockMhz: Reading;
  readonly powerWatts: Reading;
}

type Dict = Readonly<Record<string, PlistValue>>;

const asDict = (value: PlistValue | undefined): Dict =>
  typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};

const SOURCE = 'ioreg';

/** Reads `ioreg -r -d 1 -c IOAccelerator -a`: one entry per GPU, none for text that is not a property list. */
export const parseIoreg = (xml: string): readonly AppleGpu[] => {
  const entries = parsePlist(xml);
  if (!Array.isArray(entries)) return [];
  return entries.map((entry: PlistValue) => {
    const device = asDict(entry);
    const statistics = asDict(device['PerformanceStatistics']);
    const first = (...keys: readonly string[]): Reading => {
      const key = keys.find((each) => typeof statistics[each] === 'number');
      const value = key === undefined ? undefined : statistics[key];
      return typeof value === 'number'
        ? known(value, SOURCE)
        : unknown(`ioreg has no "${keys[0] ?? ''}" for this GPU`);
    };
    const text = (key: string): string | null => {
      const value = device[key];
      return typeof value === 'string' && value !== '' ? value : null;
    };
    const vramMegabytes = device['VRAM,totalMB'];
    const isUnified = typeof vramMegabytes !== 'number';
    const cores = device['gpu-core-count'];
    return {
      name: text('model') ?? text('IORegistryEntryName') ?? text('IOClass') ?? 'Apple GPU',
      isUnified,
      coreCount: typeof cores === 'number' ? cores : null,
      utilizationPercent: first('Device Utilization %', 'GPU Activity(%)'),
      // "Alloc system memory" counts virtual allocations and can exceed the machine's memory
      memoryUsedBytes: first('In use system memory', 'inUseVidMemoryBytes', 'vramUsedBytes'),
      memoryTotalBytes: isUnified
        ? unknown("the GPU shares the system's memory")
        : known(vramMegabytes * 2 ** 20, SOURCE),
      temperatureC: first('Temperature(C)'),
      fanPercent: first('Fan Speed(%)'),
      coreClockMhz: first('Core Clock(MHz)'),
      powerWatts: first('Total Power(W)'),
    };
  });
};

/** `Pages free: 25000.` lines of vm_stat in bytes; `undefined` without its page size. */
export const parseVmStat = (
  text: string,
): { readonly availableBytes: number; readonly compressedBytes: number } | undefined => {
  const pageSize = Number(/page size of (\d+) bytes/.exec(text)?.[1]);
  if (!Number.isFinite(pageSize)) return undefined;
  const pages = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)\\.?$`, 'm').exec(text)?.[1] ?? 0);
  return {
    // what Activity Monitor calls free plus what is given back without writing to disk
    availableBytes: pageSize * (pages('Pages free') + pages('Pages inactive') + pages('Pages purgeable')),
    compressedBytes: pageSize * pages('Pages occupied by compressor'),
  };
};

/** `name: value` lines of `sysctl name…`. */
export const parseSysctl = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/^([\w.]+)\s*[:=][ \t]*(.*)$/gm)].map((match) => [
      match[1] ?? '',
      (match[2] ?? '').trim(),
    ]),
  );

/** `total = 2048.00M  used = 512.25M  free = …` of `vm.swapusage`, in bytes. */
export const parseSwapUsage = (
  text: string,
): { readonly totalBytes: number; readonly usedBytes: number } | undefined => {
  const bytes = (name: string): number =>
    Number(new RegExp(`${name} = ([\\d.,]+)M`).exec(text)?.[1]?.replace(',', '.')) * 2 ** 20;
  const totalBytes = bytes('total');
  const usedBytes = bytes('used');
  return Number.isFinite(totalBytes) && Number.isFinite(usedBytes) ? { totalBytes, usedBytes } : undefined;
};

/** Feature names that are set: `hw.optional.arm.FEAT_I8MM: 1` → `FEAT_I8MM`, and Intel's machdep.cpu lists. */
export const sysctlFeatures = (values: ReadonlyMap<string, string>): readonly string[] => [
  ...[...values]
    .filter(([name, value]) => name.startsWith('hw.optional.') && value === '1')
    .map(([name]) => name.split('.').at(-1) ?? ''),
  ...['machdep.cpu.features', 'machdep.cpu.leaf7_features'].flatMap((name) =>
    (values.get(name) ?? '').split(' '),
  ),
];
