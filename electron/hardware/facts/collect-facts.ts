import type { Files, HostFacts, Processes } from '../../platform/ports.ts';
import { findCards } from '../sampling/find-cards.ts';
import type { MachineCounters } from '../sampling/probe.ts';
import { queryNvidia } from '../sampling/nvidia-query.ts';
import { createRapl } from '../sampling/rapl.ts';
import { readText } from '../sampling/read-text.ts';
import { parseSysctl, parseVmStat, sysctlFeatures } from '../vendors/apple.ts';
import { llamaFeatures } from '../vendors/cpu-features.ts';
import { parseMeminfo } from '../vendors/memory.ts';
import { parseProcessorFeatures, processorFeatureNumbers } from '../vendors/windows.ts';
import { listGpus } from './gpus.ts';
import { readLinuxCpu } from './linux-cpu.ts';
import { readLimits, type Limits } from './linux-limits.ts';
import type { MachineFacts, SystemInformation } from './machine-facts.ts';

interface FactPorts {
  readonly files: Files;
  readonly processes: Pick<Processes, 'run'>;
  readonly counters: MachineCounters;
  /** Asked once; may block the process for a second. */
  readonly systemInformation: () => Promise<SystemInformation>;
}

type Cpu = MachineFacts['cpu'];
const TIMEOUT_MS = 15_000;

const linuxCpu = async (
  { files, counters }: FactPorts,
  info: SystemInformation,
  limits: Limits,
): Promise<Cpu> => {
  const cpu = await readLinuxCpu(files);
  const logicalCores = cpu.logicalCores || counters.cores().length;
  const quota = limits.cpus === null ? Infinity : Math.max(1, Math.floor(limits.cpus));
  return {
    model: cpu.model ?? info.cpuModel ?? 'unknown CPU',
    vendor: cpu.vendor ?? info.cpuVendor ?? 'unknown',
    physicalCores: cpu.physicalCores ?? info.physicalCores ?? logicalCores,
    logicalCores,
    performanceCores: cpu.performanceCores,
    usableCores: Math.min(cpu.affinityCores ?? logicalCores, quota, counters.availableParallelism()),
    baseClockMhz: cpu.baseClockMhz ?? info.baseClockMhz,
    maxClockMhz: cpu.maxClockMhz ?? info.maxClockMhz,
    l3CacheBytes: cpu.l3CacheBytes ?? info.l3CacheBytes,
    features: cpu.features,
  };
};

const appleFeatures = async ({ processes }: FactPorts, signal: AbortSignal) => {
  const answer = await processes.run('sysctl', ['hw', 'machdep.cpu'], { timeoutMs: TIMEOUT_MS, signal });
  const values = parseSysctl(answer?.stdout ?? '');
  const fast = Number(values.get('hw.perflevel0.physicalcpu'));
  return { features: llamaFeatures(sysctlFeatures(values)), performanceCores: fast > 0 ? fast : null };
};

/** Asks the kernel through PowerShell; Windows has no list of instruction sets in any file. */
const windowsFeatures = async ({ processes }: FactPorts, signal: AbortSignal): Promise<string[]> => {
  const script =
    `$k = Add-Type -PassThru -Name K -Namespace W -MemberDefinition ` +
    `'[DllImport("kernel32.dll")] public static extern bool IsProcessorFeaturePresent(uint f);'; ` +
    `${processorFeatureNumbers.join(',')} | ForEach-Object { "$_ $($k::IsProcessorFeaturePresent($_))" }`;
  const args = ['-NoProfile', '-NonInteractive', '-Command', script];
  const answer = await processes.run('powershell', args, { timeoutMs: TIMEOUT_MS, signal });
  return llamaFeatures(parseProcessorFeatures(answer?.stdout ?? ''));
};

const otherCpu = async (
  ports: FactPorts,
  info: SystemInformation,
  platform: HostFacts['platform'],
  signal: AbortSignal,
): Promise<Cpu> => {
  const apple = platform === 'darwin' ? await appleFeatures(ports, signal) : undefined;
  const features = platform === 'win32' ? await windowsFeatures(ports, signal) : (apple?.features ?? []);
  const logicalCores = ports.counters.cores().length;
  return {
    model: info.cpuModel ?? 'unknown CPU',
    vendor: info.cpuVendor ?? 'unknown',
    physicalCores: info.physicalCores ?? logicalCores,
    logicalCores,
    performanceCores: apple === undefined ? info.performanceCores : apple.performanceCores,
    usableCores: ports.counters.availableParallelism(),
    baseClockMhz: info.baseClockMhz,
    maxClockMhz: info.maxClockMhz,
    l3CacheBytes: info.l3CacheBytes,
    features: features.length > 0 ? features : llamaFeatures(info.cpuFlags),
  };
};

/** Bytes a new process can take, counted against the limit of a container where there is one. */
const readMemory = async (
  { files, processes, counters }: FactPorts,
  platform: HostFacts['platform'],
  limits: Limits,
): Promise<{ totalBytes: number; availableBytes: number; swapTotalBytes: number | null }> => {
  if (platform === 'darwin') {
    const pages = parseVmStat((await processes.run('vm_stat', [], { timeoutMs: TIMEOUT_MS }))?.stdout ?? '');
    const availableBytes = pages?.availableBytes ?? counters.freeMemoryBytes();
    return { totalBytes: counters.totalMemoryBytes(), availableBytes, swapTotalBytes: null };
  }
  const meminfo = parseMeminfo((await readText(files, '/proc/meminfo')).text ?? '');
  const free = meminfo?.availableBytes ?? counters.freeMemoryBytes();
  const room = limits.memoryBytes === null ? Infinity : limits.memoryBytes - (limits.memoryUsedBytes ?? 0);
  return {
    totalBytes: meminfo?.totalBytes ?? counters.totalMemoryBytes(),
    availableBytes: Math.max(0, Math.min(free, room)),
    swapTotalBytes: meminfo?.swapTotalBytes ?? null,
  };
};

/** Gathers the facts of this machine. May block its process for a second: meant for a throw-away worker. */
export const collectFacts = async (
  ports: FactPorts,
  host: { readonly platform: HostFacts['platform']; readonly arch: string },
  signal: AbortSignal,
): Promise<MachineFacts> => {
  const { files, processes } = ports;
  const isLinux = host.platform === 'linux';
  const [info, limits, cards, nvidia] = await Promise.all([
    ports.systemInformation(),
    readLimits(files),
    findCards(files),
    queryNvidia(processes, signal),
  ]);
  const [cpu, memory, energy] = await Promise.all([
    isLinux ? linuxCpu(ports, info, limits) : otherCpu(ports, info, host.platform, signal),
    readMemory(ports, host.platform, limits),
    createRapl(files, { monotonicMs: () => 0 })(),
  ]);
  const gpus = await listGpus(ports, {
    platform: host.platform,
    osRelease: info.osRelease,
    nvidia,
    cards,
    memory,
    signal,
  });
  return {
    os: { platform: host.platform, name: info.osName, release: info.osRelease, arch: host.arch },
    cpu,
    memory: {
      ...memory,
      swapTotalBytes: memory.swapTotalBytes ?? info.swapTotalBytes,
      kind: info.memoryKind,
      speedMtps: info.memorySpeedMtps,
    },
    gpus,
    nvidia: nvidia.type === 'cards' ? { type: 'cards' } : nvidia,
    cardDrivers: cards.map(({ address, vendor, driver }) => ({ address, vendor, driver })),
    limits: { cpus: limits.cpus, memoryBytes: limits.memoryBytes },
    energyProblem: 'reason' in energy.energyJoules ? energy.energyJoules.reason : null,
  };
};
