import type { DoctorCheck, Inventory, TelemetrySample } from '../../../shared/contract/hardware.ts';

const GIB = 1024 ** 3;

/** A believable workstation with one GPU. Test-only. */
export const fakeInventory: Inventory = {
  takenAtMs: 1_764_000_000_000,
  os: { platform: 'linux', name: 'Debian GNU/Linux', release: '12', arch: 'x64' },
  cpu: {
    model: 'AMD Ryzen 9 7950X 16-Core Processor',
    vendor: 'AMD',
    physicalCores: 16,
    logicalCores: 32,
    performanceCores: null,
    usableCores: 32,
    baseClockMhz: 4500,
    maxClockMhz: 5700,
    l3CacheBytes: 64 * 1024 ** 2,
    features: ['avx2', 'avx512f', 'avx512_vnni', 'fma', 'f16c'],
  },
  memory: {
    totalBytes: 62.5 * GIB,
    availableBytes: 41.3 * GIB,
    swapTotalBytes: 8 * GIB,
    kind: 'DDR5',
    speedMtps: 6000,
  },
  gpus: [
    {
      id: 'nvidia-0',
      vendor: 'nvidia',
      name: 'NVIDIA GeForce RTX 4090',
      totalMemoryBytes: 24 * GIB,
      freeMemoryBytes: 21.3 * GIB,
      driver: '580.95.05',
      isUnified: false,
      source: 'nvidia-smi',
    },
  ],
  llama: {
    nodeLlamaCppVersion: '3.22.1',
    llamaCppRelease: 'b9021',
    backend: 'cuda',
    supportedBackends: ['cuda', 'vulkan', 'cpu'],
    deviceNames: ['NVIDIA GeForce RTX 4090'],
    vram: { totalBytes: 24 * GIB, usedBytes: 2.7 * GIB, freeBytes: 21.3 * GIB },
    cpuMathCores: 16,
  },
  llamaProblem: null,
};

/** One reading; `step` moves the waves on, `atMs` is the monotonic time of the fake host. */
export const fakeTelemetry = (step: number, atMs: number, wallMs: number): TelemetrySample => {
  const wave = (period: number, low: number, high: number): number =>
    low + ((Math.sin((step / period) * 2 * Math.PI) + 1) / 2) * (high - low);
  return {
    atMs,
    wallMs,
    cpu: {
      utilizationPercent: wave(40, 22, 71),
      perCorePercent: null,
      clockMhz: wave(60, 4900, 5450),
      temperatureC: wave(120, 52, 68),
      packagePowerWatts: null,
      packageEnergyJoules: null,
    },
    memory: {
      usedBytes: wave(90, 20.4, 22.1) * GIB,
      availableBytes: (62.5 - wave(90, 20.4, 22.1)) * GIB,
      swapUsedBytes: 0,
      pressurePercent: 0,
    },
    gpus: [
      {
        id: 'nvidia-0',
        utilizationPercent: wave(24, 55, 98),
        memoryUsedBytes: wave(70, 4.1, 6.2) * GIB,
        memoryTotalBytes: 24 * GIB,
        temperatureC: wave(130, 58, 71),
        powerWatts: wave(24, 180, 362),
        coreClockMhz: wave(50, 2520, 2745),
        memoryClockMhz: 10_501,
        fanPercent: 44,
        throttleReasons: [],
      },
    ],
    samplerCpuShare: 0.004,
    reasons: {
      'cpu.packagePowerWatts': 'the energy counter is readable by root only',
      'cpu.packageEnergyJoules': 'the energy counter is readable by root only',
    },
    sources: { 'cpu.utilizationPercent': '/proc/stat', 'gpus.0.utilizationPercent': 'nvidia-smi' },
  };
};

export const fakeDoctor: readonly DoctorCheck[] = [
  { id: 'llama', title: 'llama.cpp', level: 'ok', found: 'Loads, backend cuda.', fix: null },
  { id: 'gpu', title: 'GPU driver', level: 'ok', found: 'NVIDIA 580.95.05, CUDA 13.', fix: null },
  {
    id: 'rapl',
    title: 'CPU energy counter',
    level: 'note',
    found: 'Only root may read it, so the CPU package power is unknown.',
    fix: 'Give read access: sudo chmod a+r /sys/class/powercap/intel-rapl:0/energy_uj',
  },
  {
    id: 'governor',
    title: 'Clock governor',
    level: 'warning',
    found: 'The governor is powersave; clocks move during a measurement.',
    fix: 'For a benchmark: sudo cpupower frequency-set -g performance',
  },
  { id: 'disk', title: 'Free disk', level: 'ok', found: '412 GiB free in the models folder.', fix: null },
];
