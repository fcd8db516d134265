import type { Clock, Files, HostFacts, Logger, Processes } from '../../platform/ports.ts';
import { createAppleGpus, createAppleMemory } from './apple.ts';
import { findCards } from './find-cards.ts';
import { createLinuxCpu } from './linux-cpu.ts';
import { createLinuxMemory } from './linux-memory.ts';
import { createLinuxPressure, noPressure } from './linux-pressure.ts';
import { createNvidiaGpus } from './nvidia-gpus.ts';
import type { MachineCounters } from './probe.ts';
import { createRuntimeCpu } from './runtime-cpu.ts';
import type { Probes } from './sampler.ts';
import { createSysfsGpus, silentGpu } from './sysfs-gpus.ts';
import { createRuntimeMemory, createWindowsGpus } from './windows.ts';

export interface SamplingPorts {
  readonly files: Files;
  readonly processes: Pick<Processes, 'run' | 'lines'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly counters: MachineCounters;
}

const closing = (probes: Omit<Probes, typeof Symbol.dispose>): Probes => ({
  ...probes,
  [Symbol.dispose]: () => {
    for (const probe of [probes.cpu, probes.memory, probes.pressure, ...probes.gpus]) probe[Symbol.dispose]();
  },
});

const linuxProbes = async (ports: SamplingPorts, intervalMs: number): Promise<Probes> => {
  const { files, clock, counters } = ports;
  const cards = await findCards(files);
  const nvidiaCards = cards.filter(({ vendor }) => vendor === 'nvidia');
  return closing({
    cpu: createLinuxCpu(files, clock),
    memory: createLinuxMemory(files, counters),
    pressure: createLinuxPressure(files, clock),
    gpus: [
      createNvidiaGpus(ports, {
        intervalMs,
        silentCards: (reason) => nvidiaCards.map((card) => silentGpu(card, reason)),
      }),
      createSysfsGpus(
        files,
        clock,
        cards.filter(({ vendor }) => vendor !== 'nvidia'),
      ),
    ],
  });
};

/** The sources of live numbers on this platform. */
export const createPlatformProbes = async (
  ports: SamplingPorts,
  platform: HostFacts['platform'],
  intervalMs: number,
): Promise<Probes> => {
  const { counters } = ports;
  switch (platform) {
    case 'linux':
      return await linuxProbes(ports, intervalMs);
    case 'darwin':
      return closing({
        cpu: createRuntimeCpu(counters, {
          clock: 'macOS does not tell the current clock',
          sensors: 'macOS tells it to root only (powermetrics)',
        }),
        memory: createAppleMemory(ports, counters),
        pressure: noPressure,
        gpus: [createAppleGpus(ports)],
      });
    case 'win32':
      return closing({
        cpu: createRuntimeCpu(counters, {
          clock: 'Dyno does not read the current clock on Windows',
          sensors: 'Windows tells it through vendor tools only',
        }),
        memory: createRuntimeMemory(counters),
        pressure: noPressure,
        gpus: [createNvidiaGpus(ports, { intervalMs, silentCards: () => [] }), createWindowsGpus(ports)],
      });
    case 'other':
      return closing({
        cpu: createRuntimeCpu(counters, {
          clock: 'Dyno has no source for it on this system',
          sensors: 'Dyno has no source for it on this system',
        }),
        memory: createRuntimeMemory(counters),
        pressure: noPressure,
        gpus: [],
      });
  }
};
