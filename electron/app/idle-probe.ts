import type { IdleState } from '../bench/index.ts';
import type { Hardware } from '../hardware/index.ts';
import type { HostFacts } from '../platform/ports.ts';

/** The machine just before a run: load of other programs over one second, power, temperature, free memory. */
export const probeIdle = async (
  hardware: Pick<Hardware, 'foreignCpuPercent' | 'power' | 'latest'>,
  host: Pick<HostFacts, 'availableMemoryBytes'>,
  ownPids: readonly number[],
  signal: AbortSignal,
): Promise<IdleState> => {
  const [foreign, power] = await Promise.all([
    hardware.foreignCpuPercent(ownPids, signal),
    hardware.power(signal),
  ]);
  return {
    foreignCpuPercent: foreign.value,
    availableMemoryBytes: host.availableMemoryBytes(),
    temperatureC: hardware.latest()?.cpu.temperatureC ?? null,
    powerSource: power.source.value,
    governor: power.governor.value,
    isPowerSaver: power.isPowerSaver.value,
  };
};
