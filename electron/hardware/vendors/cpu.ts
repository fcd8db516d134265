/** Parsers of what Linux says about processors: /proc/stat, /proc/cpuinfo, CPU lists. Pure. */

/** Running totals of one core (or of all), in any one unit of time. */
export interface CpuTimes {
  /** Not idle and not waiting for I/O. Time stolen by the hypervisor counts: it was not ours to use. */
  readonly busy: number;
  readonly total: number;
}

/** Times of one logical CPU by the number the system gives it. */
export interface CoreTimes extends CpuTimes {
  readonly cpu: number;
}

export interface ProcStat {
  readonly all: CpuTimes;
  readonly cores: readonly CoreTimes[];
}

const toTimes = (fields: readonly string[]): CpuTimes => {
  // user nice system idle iowait irq softirq steal; guest time is already part of user
  const ticks = fields.slice(0, 8).map(Number);
  const total = ticks.reduce((sum, each) => sum + each, 0);
  return { busy: total - (ticks[3] ?? 0) - (ticks[4] ?? 0), total };
};

/** Reads /proc/stat (ticks of 1/100 s); `undefined` when it has no `cpu` line. Cores that are off are left out. */
export const parseProcStat = (text: string): ProcStat | undefined => {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/));
  const all = rows.find(([name]) => name === 'cpu');
  if (all === undefined) return undefined;
  const cores = rows.flatMap(([name = '', ...fields]) => {
    const cpu = /^cpu(\d+)$/.exec(name)?.[1];
    return cpu === undefined ? [] : [{ cpu: Number(cpu), ...toTimes(fields) }];
  });
  return { all: toTimes(all.slice(1)), cores };
};

/** Busy share between two readings, 0..100; `null` when no time passed between them. */
export const busyPercent = (before: CpuTimes, after: CpuTimes): number | null => {
  const total = after.total - before.total;
  if (total <= 0) return null;
  return Math.min(100, Math.max(0, (100 * (after.busy - before.busy)) / total));
};

/** utime + stime of /proc/<pid>/stat in ticks. The program's name may hold blanks and brackets. */
export const parseProcessTicks = (text: string): number | undefined => {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks : undefined;
};

/** `0-3,8` → [0, 1, 2, 3, 8], the kernel's notation for sets of CPUs. */
export const parseCpuList = (text: string): readonly number[] =>
  text
    .trim()
    .split(',')
    .filter((part) => /^\d+(-\d+)?$/.test(part))
    .flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });

export interface CpuInfo {
  readonly model: string | null;
  readonly vendor: string | null;
  /** Raw flags of the first processor. */
  readonly flags: readonly string[];
  /** Distinct (package, core) pairs; `null` where the architecture does not list them (ARM). */
  readonly physicalCores: number | null;
  readonly logicalCores: number;
}

/** Implementer and part numbers of Arm's MIDR register, as the kernel's and util-linux's tables list them. */
const armVendors: Readonly<Record<string, string>> = {
  '0x41': 'ARM',
  '0x4e': 'NVIDIA',
  '0x51': 'Qualcomm',
  '0x61': 'Apple',
  '0xc0': 'Ampere',
};
const armParts: Readonly<Record<string, string>> = {
  '0x41/0xd08': 'Cortex-A72',
  '0x41/0xd0b': 'Cortex-A76',
  '0x41/0xd0c': 'Neoverse-N1',
  '0x41/0xd40': 'Neoverse-V1',
  '0x41/0xd42': 'Cortex-A78AE',
  '0x41/0xd49': 'Neoverse-N2',
  '0x41/0xd4f': 'Neoverse-V2',
  '0x41/0xd80': 'Cortex-A520',
  '0x41/0xd81': 'Cortex-A720',
  '0x41/0xd83': 'Neoverse-V3AE',
  '0x41/0xd84': 'Neoverse-V3',
  '0x41/0xd85': 'Cortex-X925',
  '0x41/0xd87': 'Cortex-A725',
  '0x51/0x001': 'Oryon',
  '0x51/0x002': 'Oryon V3',
  '0x51/0x805': 'Kryo 4xx Silver',
  '0xc0/0xac3': 'Ampere-1',
  '0xc0/0xac4': 'Ampere-1a',
};

const armModel = (parts: readonly string[]): string | null => {
  const names = [...new Set(parts)].map((part) => armParts[part] ?? `part ${part}`);
  return names.length === 0 ? null : names.join(' + ');
};

/** Reads /proc/cpuinfo of x86, ARM and the rest. */
export const parseCpuinfo = (text: string): CpuInfo => {
  const blocks = text
    .split(/\n\s*\n/)
    .map(
      (block) => new Map([...block.matchAll(/^([^:\n]+?)\s*:[ \t]*(.*)$/gm)].map((m) => [m[1], m[2] ?? ''])),
    );
  const processors = blocks.filter((block) => block.has('processor'));
  const first = processors[0];
  const of = (...keys: readonly string[]): string | null =>
    keys.map((key) => first?.get(key)).find((value) => value !== undefined && value !== '') ?? null;
  const pairs = processors.map((each) => `${each.get('physical id')}/${each.get('core id')}`);
  const implementer = of('CPU implementer');
  const parts = processors.map((each) => `${each.get('CPU implementer')}/${each.get('CPU part')}`);
  return {
    model: of('model name', 'cpu model') ?? (implementer === null ? of('cpu') : armModel(parts)),
    vendor: of('vendor_id') ?? (implementer === null ? null : (armVendors[implementer] ?? implementer)),
    flags: (of('flags', 'Features', 'isa') ?? '').split(' ').filter((flag) => flag !== ''),
    physicalCores: first?.has('core id') === true ? new Set(pairs).size : null,
    logicalCores: processors.length,
  };
};

/** Current clock of each CPU in /proc/cpuinfo, MHz; empty where the kernel does not list it (ARM). */
export const parseClocksMhz = (cpuinfo: string): readonly number[] =>
  [...cpuinfo.matchAll(/^cpu MHz\s*:\s*([\d.]+)/gm)]
    .map((match) => Number(match[1]))
    .filter((mhz) => mhz > 0);
