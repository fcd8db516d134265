import type { TelemetrySample } from '../../shared/contract/hardware.ts';

/** A sample of a quiet machine with one GPU, changed where the test cares. */
export const telemetrySample = (changes: Partial<TelemetrySample> = {}): TelemetrySample => ({
  atMs: 1_000,
  wallMs: 1_767_225_600_000,
  cpu: {
    utilizationPercent: 5,
    perCorePercent: [4, 6],
    clockMhz: 3_600,
    temperatureC: 45,
    packagePowerWatts: 30,
    packageEnergyJoules: 100,
  },
  memory: { usedBytes: 8e9, availableBytes: 24e9, swapUsedBytes: 0, pressurePercent: 0 },
  gpus: [
    {
      id: 'nvidia:GPU-1',
      utilizationPercent: 0,
      memoryUsedBytes: 1e9,
      memoryTotalBytes: 24e9,
      temperatureC: 40,
      powerWatts: 20,
      coreClockMhz: 210,
      memoryClockMhz: 405,
      fanPercent: 0,
      throttleReasons: [],
    },
  ],
  samplerCpuShare: 0.003,
  reasons: {},
  sources: {},
  ...changes,
});
