import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import type { Clock, HostFacts } from '../../platform/ports.ts';

/**
 * A sample that says why there is none: every number unknown for `reason`, which also stands under `telemetry`.
 * Charts break their lines at it, and a benchmark sees that it was not watched.
 */
export const createGapSample = (
  ports: { readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>; readonly host: HostFacts },
  reason: string,
): TelemetrySample => {
  const availableBytes = ports.host.availableMemoryBytes();
  const unknownPaths = [
    'telemetry',
    'cpu.utilizationPercent',
    'cpu.perCorePercent',
    'cpu.clockMhz',
    'cpu.temperatureC',
    'cpu.packagePowerWatts',
    'cpu.packageEnergyJoules',
    'memory.swapUsedBytes',
    'memory.pressurePercent',
    'pressure.cpuPercent',
    'pressure.memoryPercent',
    'pressure.ioPercent',
    'samplerCpuShare',
  ];
  return {
    atMs: ports.clock.monotonicMs(),
    wallMs: ports.clock.nowMs(),
    cpu: {
      utilizationPercent: null,
      perCorePercent: null,
      clockMhz: null,
      temperatureC: null,
      packagePowerWatts: null,
      packageEnergyJoules: null,
    },
    memory: {
      usedBytes: ports.host.totalMemoryBytes() - availableBytes,
      availableBytes,
      swapUsedBytes: null,
      pressurePercent: null,
    },
    pressure: { cpuPercent: null, memoryPercent: null, ioPercent: null },
    gpus: [],
    samplerCpuShare: null,
    reasons: Object.fromEntries(unknownPaths.map((path) => [path, reason])),
    sources: { 'memory.usedBytes': 'host process', 'memory.availableBytes': 'host process' },
  };
};
