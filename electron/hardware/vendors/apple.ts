import { firstKnown, known, unknown, type Reading } from '../reading.ts';
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
  readonly memoryClockMhz: Reading;
  readonly powerWatts: Reading;
}

type Dict = Readonly<Record<string, PlistValue>>;

const asDict = (value: PlistValue | undefined): Dict =>
  typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};

const SOURCE = 'ioreg';

/** A card's own memory: as the card says, else the sum of what is used and free; only discrete cards tell either. */
const vramOf = (
  totalMegabytes: PlistValue | undefined,
  statistics: Dict,
): { readonly type: 'none' } | { readonly type: 'own'; readonly total: Reading } => {
  if (typeof totalMegabytes === 'number')
    return { type: 'own', total: known(totalMegabytes * 2 ** 20, SOURCE) };
  const used = statistics['vramUsedBytes'];
  const free = statistics['vramFreeBytes'];
  if (typeof free !== 'number' || free === 0) return { type: 'none' };
  return {
    type: 'own',
    total:
      typeof used === 'number'
        ? known(used + free, 'ioreg vramUsedBytes + vramFreeBytes')
        : unknown('ioreg tells only how much memory of this card is free'),
  };
};

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
    const coreClock = first('Core Clock(MHz)');
    // drivers that read no sensors write 0 in every sensor's place; a card that runs at 0 MHz does not exist
    const isBlind = coreClock.value === 0;
    const sensor = (key: string): Reading => {
      const reading = first(key);
      return isBlind && reading.value === 0
        ? unknown(`ioreg says 0 for "${key}", as for every sensor of this card: its driver reads none`)
        : reading;
    };
    const text = (key: string): string | null => {
      const value = device[key];
      return typeof value === 'string' && value !== '' ? value : null;
    };
    const vram = vramOf(device['VRAM,totalMB'], statistics);
    const isUnified = vram.type === 'none';
    const cores = device['gpu-core-count'];
    return {
      name: text('model') ?? text('IORegistryEntryName') ?? text('IOClass') ?? 'Apple GPU',
      isUnified,
      coreCount: typeof cores === 'number' ? cores : null,
      utilizationPercent: firstKnown(first('Device Utilization %'), sensor('GPU Activity(%)')),
      // "Alloc system memory" counts virtual allocations and can exceed the machine's memory
      memoryUsedBytes: first('In use system memory', 'inUseVidMemoryBytes', 'vramUsedBytes'),
      memoryTotalBytes: vram.type === 'none' ? unknown("the GPU shares the system's memory") : vram.total,
      temperatureC: sensor('Temperature(C)'),
      fanPercent: sensor('Fan Speed(%)'),
      coreClockMhz: sensor('Core Clock(MHz)'),
      memoryClockMhz: sensor('Memory Clock(MHz)'),
      powerWatts: sensor('Total Power(W)'),
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
    // vm_stat takes speculative pages out of the free ones, and counts purgeable pages as active or inactive, too
    availableBytes: pageSize * (pages('Pages free') + pages('Pages speculative') + pages('Pages inactive')),
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
