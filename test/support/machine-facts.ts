import type { MachineFacts } from '../../electron/hardware/facts/machine-facts.ts';
import type { DeviceProbe } from '../../electron/models/inspector.ts';

/** A quiet workstation without a GPU. */
export const machineFacts = (changes: Partial<MachineFacts> = {}): MachineFacts => ({
  os: { platform: 'linux', name: 'Debian GNU/Linux 12', release: '6.12.1', arch: 'x64' },
  cpu: {
    model: 'AMD Ryzen 9 7950X',
    vendor: 'AuthenticAMD',
    physicalCores: 16,
    logicalCores: 32,
    performanceCores: null,
    usableCores: 32,
    baseClockMhz: 4_500,
    maxClockMhz: 5_881,
    l3CacheBytes: 64 * 2 ** 20,
    features: ['avx', 'fma', 'avx2'],
  },
  memory: {
    totalBytes: 64 * 2 ** 30,
    availableBytes: 48 * 2 ** 30,
    swapTotalBytes: 8 * 2 ** 30,
    kind: 'DDR5',
    speedMtps: 6_000,
  },
  gpus: [],
  nvidia: { type: 'not-installed' },
  cardDrivers: [],
  limits: { cpus: null, memoryBytes: null },
  energyProblem: null,
  ...changes,
});

/** llama.cpp on the CPU. */
export const deviceProbe = (changes: Partial<DeviceProbe> = {}): DeviceProbe => ({
  nodeLlamaCppVersion: '3.22.1',
  llamaCppRelease: 'b9000',
  backend: 'cpu',
  supportedBackends: ['cpu'],
  deviceNames: [],
  vram: null,
  cpuMathCores: 16,
  ...changes,
});
