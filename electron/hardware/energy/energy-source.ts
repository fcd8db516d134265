import type { Clock, Files, HostFacts, Logger, Processes } from '../../platform/ports.ts';
import { unknown } from '../reading.ts';
import { findCards } from '../sampling/find-cards.ts';
import { createNvidiaGpus } from '../sampling/nvidia-gpus.ts';
import type { GpuReadings, Probe } from '../sampling/probe.ts';
import { createRapl } from '../sampling/rapl.ts';
import { createSysfsGpus, silentGpu } from '../sampling/sysfs-gpus.ts';

/** What one device told at a moment: a counter, a power, or neither and why. */
export interface EnergyReading {
  /** As `CPU package`, `GPU board nvidia:0`. */
  readonly device: string;
  readonly isGpu: boolean;
  /** Since some moment; where it falls it began anew. */
  readonly counterJoules: number | null;
  readonly watts: number | null;
  /** `null` where there is a number. */
  readonly reason: string | null;
}

/** The energy sensors alone: a hundredth of what the telemetry process reads. Disposing it ends what it started. */
export interface EnergySource extends Disposable {
  /** Whether a sensor may tell its first number seconds later, as nvidia-smi does. */
  readonly startsLate: boolean;
  read(): Promise<readonly EnergyReading[]>;
}

export interface EnergyPorts {
  readonly files: Files;
  readonly processes: Pick<Processes, 'run' | 'lines'>;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Wish {
  readonly platform: HostFacts['platform'];
  /** Whether layers lie on a GPU; without, no board is asked. */
  readonly usesGpu: boolean;
  readonly intervalMs: number;
}

/** All that energy needs of a card: less for nvidia-smi to ask of the driver. */
const nvidiaFields = ['index', 'uuid', 'mig.mode.current', 'power.draw'];

const cpuReason = (platform: HostFacts['platform']): string => {
  switch (platform) {
    case 'darwin':
      return 'macOS tells the energy of the CPU to root only (powermetrics)';
    case 'win32':
      return 'Windows tells the energy of the CPU through vendor tools only';
    default:
      return 'Dyno has no source for the energy of the CPU on this system';
  }
};

const boardReading = ({ id, energyJoules, powerWatts }: GpuReadings): EnergyReading => {
  const counterJoules = energyJoules?.value ?? null;
  return {
    device: `GPU board ${id}`,
    isGpu: true,
    counterJoules,
    watts: powerWatts.value,
    reason: counterJoules === null && 'reason' in powerWatts ? powerWatts.reason : null,
  };
};

const boardProbes = async (
  ports: EnergyPorts,
  { platform, usesGpu, intervalMs }: Wish,
): Promise<readonly Probe<readonly GpuReadings[]>[]> => {
  if (!usesGpu || (platform !== 'linux' && platform !== 'win32')) return [];
  const cards = platform === 'linux' ? await findCards(ports.files) : [];
  const nvidiaCards = cards.filter(({ vendor }) => vendor === 'nvidia');
  const others = cards.filter(({ vendor }) => vendor !== 'nvidia');
  return [
    createNvidiaGpus(ports, {
      intervalMs,
      fields: nvidiaFields,
      silentCards: (reason) => nvidiaCards.map((card) => silentGpu(card, reason)),
    }),
    ...(others.length > 0 ? [createSysfsGpus(ports.files, ports.clock, others)] : []),
  ];
};

/** Opens the sensors of the CPU, and of the boards where a model uses them. */
export const openEnergySource = async (ports: EnergyPorts, wish: Wish): Promise<EnergySource> => {
  const { platform } = wish;
  const rapl = platform === 'linux' ? createRapl(ports.files, ports.clock) : undefined;
  const boards = await boardProbes(ports, wish);
  const readCpu = async (): Promise<EnergyReading> => {
    const counter = rapl === undefined ? unknown(cpuReason(platform)) : (await rapl()).energyJoules;
    return {
      device: 'CPU package',
      isGpu: false,
      counterJoules: counter.value,
      watts: null,
      reason: 'reason' in counter ? counter.reason : null,
    };
  };
  return {
    startsLate: boards.length > 0,
    read: async () => {
      const [cpu, ...lists] = await Promise.all([readCpu(), ...boards.map((probe) => probe.read())]);
      return [cpu, ...lists.flat().map(boardReading)];
    },
    [Symbol.dispose]: () => {
      for (const probe of boards) probe[Symbol.dispose]();
    },
  };
};
