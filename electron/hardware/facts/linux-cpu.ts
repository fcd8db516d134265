import type { Files } from '../../platform/ports.ts';
import { readText, readTexts } from '../sampling/read-text.ts';
import { llamaFeatures } from '../vendors/cpu-features.ts';
import { parseCpuinfo, parseCpuList } from '../vendors/cpu.ts';

const CPUS = '/sys/devices/system/cpu';

interface Topology {
  readonly cpu: number;
  /** Threads of the same core, as the kernel lists them. */
  readonly siblings: string | null;
  /** Relative speed of cores that differ (ARM), 1024 = fastest. */
  readonly capacity: number | null;
  readonly l3: { readonly shared: string; readonly bytes: number } | null;
}

const sizeBytes = (text: string): number => {
  const match = /^(\d+)([KM]?)$/.exec(text);
  return Number(match?.[1] ?? Number.NaN) * (match?.[2] === 'M' ? 2 ** 20 : match?.[2] === 'K' ? 2 ** 10 : 1);
};

const readTopology = async (files: Files): Promise<readonly Topology[]> => {
  const cpus = (await files.list(CPUS)).filter(({ name }) => /^cpu\d+$/.test(name));
  return await Promise.all(
    cpus.map(async ({ name, path }): Promise<Topology> => {
      const texts = await readTexts(files, [
        ['siblings', `${path}/topology/thread_siblings_list`],
        ['capacity', `${path}/cpu_capacity`],
        ['l3', `${path}/cache/index3/size`],
        ['l3Shared', `${path}/cache/index3/shared_cpu_list`],
      ]);
      const text = (file: string): string | null => texts.get(file)?.text ?? null;
      const l3Size = sizeBytes(text('l3') ?? '');
      return {
        cpu: Number(name.slice(3)),
        siblings: text('siblings'),
        capacity: text('capacity') === null ? null : Number(text('capacity')),
        l3: Number.isFinite(l3Size) ? { shared: text('l3Shared') ?? name, bytes: l3Size } : null,
      };
    }),
  );
};

const countCores = (topology: readonly Topology[]): number | null => {
  const siblings = topology.flatMap((each) => each.siblings ?? []);
  return siblings.length === 0 ? null : new Set(siblings).size;
};

/** Cores of the faster kind on a hybrid machine; `null` when all are alike. */
const countPerformanceCores = async (files: Files, topology: readonly Topology[]): Promise<number | null> => {
  // Intel's hybrid CPUs have one PMU per kind of core
  const fast = (await readText(files, '/sys/devices/cpu_core/cpus')).text;
  if (fast !== null && (await files.stat('/sys/devices/cpu_atom/cpus')) !== undefined) {
    const cpus = new Set(parseCpuList(fast));
    return countCores(topology.filter(({ cpu }) => cpus.has(cpu)));
  }
  const capacities = topology.flatMap(({ capacity }) => capacity ?? []);
  const most = Math.max(...capacities);
  // neighbours of the fastest (a prime core beside big ones) count as fast, too
  return new Set(capacities).size > 1 ? capacities.filter((each) => each >= 0.75 * most).length : null;
};

const l3Bytes = (topology: readonly Topology[]): number | null => {
  const caches = new Map(topology.flatMap(({ l3 }) => (l3 === null ? [] : [[l3.shared, l3.bytes] as const])));
  return caches.size === 0 ? null : [...caches.values()].reduce((sum, bytes) => sum + bytes, 0);
};

const megahertz = (kilohertz: string | null | undefined): number | null =>
  typeof kilohertz === 'string' && Number(kilohertz) > 0 ? Math.round(Number(kilohertz) / 1000) : null;

/** What /proc and /sys tell about the CPU; `null` where they do not. */
export const readLinuxCpu = async (files: Files) => {
  const texts = await readTexts(files, [
    ['cpuinfo', '/proc/cpuinfo'],
    ['status', '/proc/self/status'],
    ['base', `${CPUS}/cpu0/cpufreq/base_frequency`],
    ['max', `${CPUS}/cpu0/cpufreq/cpuinfo_max_freq`],
  ]);
  const cpuinfo = parseCpuinfo(texts.get('cpuinfo')?.text ?? '');
  const topology = await readTopology(files);
  const allowed = /^Cpus_allowed_list:\s*(.*)$/m.exec(texts.get('status')?.text ?? '')?.[1];
  return {
    model: cpuinfo.model,
    vendor: cpuinfo.vendor,
    features: llamaFeatures(cpuinfo.flags),
    logicalCores: cpuinfo.logicalCores,
    physicalCores: countCores(topology) ?? cpuinfo.physicalCores,
    performanceCores: await countPerformanceCores(files, topology),
    affinityCores: allowed === undefined ? null : parseCpuList(allowed).length,
    baseClockMhz: megahertz(texts.get('base')?.text),
    maxClockMhz: megahertz(texts.get('max')?.text),
    l3CacheBytes: l3Bytes(topology),
  };
};
