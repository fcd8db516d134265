/** Parsers of what Windows's own tools print: typeperf, reg query, feature numbers. Pure. */

/** Cells of a CSV line whose cells are all quoted, as typeperf writes it. */
const splitQuoted = (line: string): readonly string[] =>
  [...line.matchAll(/"((?:[^"]|"")*)"/g)].map((match) => (match[1] ?? '').replaceAll('""', '"'));

export interface TypeperfTable {
  /** Counter paths without the machine's name: `GPU Engine(pid_4_luid_…)\Utilization Percentage`. */
  readonly columns: readonly string[];
  /** One row per sample; `null` for a value typeperf left blank. */
  readonly rows: readonly (readonly (number | null)[])[];
}

/** A number in the notation of the system's language: `12.500000` or `12,500000`. */
const toNumber = (text: string): number | null => {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(value) || value < 0 ? null : value;
};

/** Reads typeperf's CSV; its header, dates and closing messages are in the system's language. `undefined` without one. */
export const parseTypeperf = (text: string): TypeperfTable | undefined => {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const start = lines.findIndex((line) => line.startsWith('"(PDH-CSV'));
  if (start === -1) return undefined;
  const columns = splitQuoted(lines[start] ?? '')
    .slice(1)
    .map((path) => path.replace(/^\\\\[^\\]+\\/, ''));
  const rows = lines
    .slice(start + 1)
    .filter((line) => line.startsWith('"'))
    .map((line) => splitQuoted(line).slice(1).map(toNumber))
    .filter((row) => row.length === columns.length);
  return { columns, rows };
};

/** Live numbers of one adapter by its LUID, `0x00000000_0x0000d1a2` in lower case. */
export interface WindowsGpuUse {
  readonly luid: string;
  readonly utilizationPercent: number | null;
  readonly memoryUsedBytes: number | null;
}

/**
 * The last row of a table as use per adapter. Utilisation is Task Manager's: the busiest engine, over all processes.
 * Columns are told apart by their instance names, which Windows does not translate.
 */
export const readGpuUse = (table: TypeperfTable): readonly WindowsGpuUse[] => {
  const row = table.rows.at(-1) ?? [];
  const engines = new Map<string, Map<string, number>>();
  const memory = new Map<string, number>();
  table.columns.forEach((column, index) => {
    const value = row[index];
    const instance = /luid_(0x[0-9a-f]+_0x[0-9a-f]+)_phys_\d+(?:_eng_(\d+))?/i.exec(column);
    const luid = instance?.[1]?.toLowerCase();
    if (luid === undefined || typeof value !== 'number') return;
    const engine = instance?.[2];
    if (engine === undefined) {
      memory.set(luid, (memory.get(luid) ?? 0) + value);
      return;
    }
    const ofAdapter = engines.get(luid) ?? new Map<string, number>();
    engines.set(luid, ofAdapter.set(engine, (ofAdapter.get(engine) ?? 0) + value));
  });
  return [...new Set([...engines.keys(), ...memory.keys()])].map((luid) => {
    const busiest = Math.max(...(engines.get(luid)?.values() ?? []));
    return {
      luid,
      utilizationPercent: Number.isFinite(busiest) ? Math.min(100, busiest) : null,
      memoryUsedBytes: memory.get(luid) ?? null,
    };
  });
};

/** Values of each key of `reg query <key> /s`: key path → name → text. */
export const parseRegistry = (text: string): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const keys = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('HKEY_')) {
      current = new Map();
      keys.set(line.trim(), current);
      continue;
    }
    const match = /^ {4}(.+?) {4}REG_\w+ {4}(.*)$/.exec(line);
    if (match?.[1] !== undefined) current?.set(match[1], match[2] ?? '');
  }
  return keys;
};

export interface WindowsAdapter {
  readonly luid: string;
  readonly name: string;
  readonly vendorId: number;
  readonly driver: string | null;
  readonly dedicatedBytes: number | null;
  /**
   * Shares the system's memory: no card sold for ten years has less than 1 GiB of its own, and AMD names its APUs'
   * graphics without a series (`AMD Radeon(TM) 8060S Graphics`), whatever the firmware sets aside for them.
   */
  readonly isIntegrated: boolean;
}

const hex = (value: bigint): string => `0x${value.toString(16).padStart(8, '0')}`;

/** DirectX keeps driver versions as four 16-bit numbers in one: 0x1f000f0b2b → 31.0.15.… */
const driverVersion = (text: string | undefined): string | null => {
  if (text === undefined || !/^0x[0-9a-f]+$/i.test(text)) return null;
  const bits = BigInt(text);
  return [48n, 32n, 16n, 0n].map((shift) => String((bits >> shift) & 0xffffn)).join('.');
};

const isAmdApu = (name: string): boolean => /^AMD Radeon\(TM\)( \d{3,4}[MS])? Graphics$/.test(name);

/** One hour in the 100 ns steps of Windows's times. */
const HOUR = 36_000_000_000;

/** The keys of adapters seen at the last start; those of cards that were taken out stay in the registry. */
const seenLately = (keys: readonly ReadonlyMap<string, string>[]): readonly ReadonlyMap<string, string>[] => {
  const seen = keys.map((values) => Number(values.get('LastSeen') ?? Number.NaN));
  const newest = Math.max(...seen.filter((time) => time > 0));
  return keys.filter((_, index) => !((seen[index] ?? Number.NaN) < newest - HOUR));
};

/** Adapters from `reg query HKLM\SOFTWARE\Microsoft\DirectX /s`, software renderers left out. */
export const parseDirectXAdapters = (text: string): readonly WindowsAdapter[] =>
  seenLately([...parseRegistry(text).values()]).flatMap((values) => {
    const luid = values.get('AdapterLuid');
    const name = values.get('Description');
    const vendorId = Number(values.get('VendorId'));
    if (luid === undefined || name === undefined || !/^0x[0-9a-f]+$/i.test(luid)) return [];
    // 0x1414 is Microsoft: the Basic Render Driver
    if (vendorId === 0x1414) return [];
    const bits = BigInt(luid);
    const dedicated = Number(values.get('DedicatedVideoMemory') ?? Number.NaN);
    return [
      {
        luid: `${hex(bits >> 32n)}_${hex(bits & 0xffffffffn)}`,
        name,
        vendorId,
        driver: driverVersion(values.get('DriverVersion')),
        dedicatedBytes: Number.isFinite(dedicated) ? dedicated : null,
        isIntegrated: dedicated < 2 ** 30 || isAmdApu(name),
      },
    ];
  });

/** Number → name of one language of the registry's Perflib lists (`2\0System\04\0Memory…`). */
const parsePerflib = (text: string): ReadonlyMap<string, string> => {
  const list = /REG_MULTI_SZ\s+(.*)/s.exec(text)?.[1] ?? '';
  const cells = list.trim().split('\\0');
  const names = new Map<string, string>();
  for (let at = 0; at + 1 < cells.length; at += 2) names.set(cells[at] ?? '', cells[at + 1] ?? '');
  return names;
};

/**
 * The name of a counter or object in the system's language, which typeperf asks for; the English name when the lists
 * do not hold it.
 * @param english `reg query …\Perflib\009 /v Counter`
 * @param local `reg query …\Perflib\CurrentLanguage /v Counter`
 */
export const localCounterName = (name: string, english: string, local: string): string => {
  const index = [...parsePerflib(english)].find(([, text]) => text === name)?.[0];
  return (index === undefined ? undefined : parsePerflib(local).get(index)) ?? name;
};

/** Numbers of IsProcessorFeaturePresent (winnt.h) that have a meaning for llama.cpp. */
const processorFeatures: Readonly<Record<string, string>> = {
  '13': 'sse3',
  '36': 'ssse3',
  '38': 'sse4_2',
  '39': 'avx',
  '40': 'avx2',
  '41': 'avx512f',
  '19': 'neon',
  '43': 'asimddp',
  '46': 'sve',
  '47': 'sve2',
  '66': 'i8mm',
};
export const processorFeatureNumbers: readonly string[] = Object.keys(processorFeatures);

/** `40 True` lines → feature names. */
export const parseProcessorFeatures = (text: string): readonly string[] =>
  [...text.matchAll(/^(\d+) True\s*$/gim)].flatMap((match) => processorFeatures[match[1] ?? ''] ?? []);
