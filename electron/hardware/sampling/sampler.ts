import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import type { Clock } from '../../platform/ports.ts';
import { createReadingBook, known, unknown, type ReadingBook } from '../reading.ts';
import type {
  CpuReadings,
  GpuReadings,
  MachineCounters,
  MemoryReadings,
  PressureReadings,
  Probe,
} from './probe.ts';

export interface Probes extends Disposable {
  readonly cpu: Probe<CpuReadings>;
  readonly memory: Probe<MemoryReadings>;
  readonly pressure: Probe<PressureReadings>;
  readonly gpus: readonly Probe<readonly GpuReadings[]>[];
}

export interface Sampler {
  /** One reading of everything. What is known as a difference only is `null` the first time. */
  sample(): Promise<TelemetrySample>;
}

const takeCpu = ({ take }: ReadingBook, cpu: CpuReadings): TelemetrySample['cpu'] => ({
  utilizationPercent: take('cpu.utilizationPercent', cpu.utilizationPercent),
  perCorePercent: take('cpu.perCorePercent', cpu.perCorePercent),
  clockMhz: take('cpu.clockMhz', cpu.clockMhz),
  temperatureC: take('cpu.temperatureC', cpu.temperatureC),
  packagePowerWatts: take('cpu.packagePowerWatts', cpu.packagePowerWatts),
  packageEnergyJoules: take('cpu.packageEnergyJoules', cpu.packageEnergyJoules),
});

const takeMemory = ({ take, sources }: ReadingBook, memory: MemoryReadings): TelemetrySample['memory'] => {
  sources['memory.usedBytes'] = memory.source;
  sources['memory.availableBytes'] = memory.source;
  return {
    usedBytes: memory.totalBytes - memory.availableBytes,
    availableBytes: memory.availableBytes,
    swapUsedBytes: take('memory.swapUsedBytes', memory.swapUsedBytes),
    pressurePercent: take('memory.pressurePercent', memory.pressurePercent),
  };
};

const takePressure = (
  { take }: ReadingBook,
  pressure: PressureReadings,
): NonNullable<TelemetrySample['pressure']> => ({
  cpuPercent: take('pressure.cpuPercent', pressure.cpuPercent),
  memoryPercent: take('pressure.memoryPercent', pressure.memoryPercent),
  ioPercent: take('pressure.ioPercent', pressure.ioPercent),
});

const takeGpu = (
  { take }: ReadingBook,
  gpu: GpuReadings,
  place: { readonly index: number; readonly memoryTotalBytes: number },
): TelemetrySample['gpus'][number] => {
  const path = `gpus.${place.index}`;
  const total =
    gpu.isUnified && gpu.memoryTotalBytes.value === null
      ? known(place.memoryTotalBytes, "the system's memory, which the GPU shares")
      : gpu.memoryTotalBytes;
  return {
    id: gpu.id,
    utilizationPercent: take(`${path}.utilizationPercent`, gpu.utilizationPercent),
    memoryUsedBytes: take(`${path}.memoryUsedBytes`, gpu.memoryUsedBytes),
    memoryTotalBytes: take(`${path}.memoryTotalBytes`, total),
    temperatureC: take(`${path}.temperatureC`, gpu.temperatureC),
    powerWatts: take(`${path}.powerWatts`, gpu.powerWatts),
    energyJoules: take(
      `${path}.energyJoules`,
      gpu.energyJoules ?? unknown('this board has no energy counter that Dyno reads'),
    ),
    coreClockMhz: take(`${path}.coreClockMhz`, gpu.coreClockMhz),
    memoryClockMhz: take(`${path}.memoryClockMhz`, gpu.memoryClockMhz),
    fanPercent: take(`${path}.fanPercent`, gpu.fanPercent),
    throttleReasons: take(`${path}.throttleReasons`, gpu.throttleReasons),
  };
};

/** Puts one sample together from the probes, with the source or the reason of every number. */
export const createSampler = (
  probes: Probes,
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>,
  counters: Pick<MachineCounters, 'ownCpuSeconds'>,
): Sampler => {
  let before: { readonly atMs: number; readonly cpuSeconds: number } | undefined;

  const ownShare = (atMs: number) => {
    const past = before;
    before = { atMs, cpuSeconds: counters.ownCpuSeconds() };
    if (past === undefined || atMs <= past.atMs) return unknown('needs two readings');
    const share = (before.cpuSeconds - past.cpuSeconds) / ((atMs - past.atMs) / 1000);
    return known(share, 'CPU time of the telemetry process, without nvidia-smi and other programs it starts');
  };

  return {
    sample: async () => {
      const [cpu, memory, pressure, ...gpuLists] = await Promise.all([
        probes.cpu.read(),
        probes.memory.read(),
        probes.pressure.read(),
        ...probes.gpus.map((probe) => probe.read()),
      ]);
      const atMs = clock.monotonicMs();
      const book = createReadingBook();
      return {
        atMs,
        wallMs: clock.nowMs(),
        cpu: takeCpu(book, cpu),
        memory: takeMemory(book, memory),
        pressure: takePressure(book, pressure),
        gpus: gpuLists
          .flat()
          .map((gpu, index) => takeGpu(book, gpu, { index, memoryTotalBytes: memory.totalBytes })),
        samplerCpuShare: book.take('samplerCpuShare', ownShare(atMs)),
        reasons: book.reasons,
        sources: book.sources,
      };
    },
  };
};
