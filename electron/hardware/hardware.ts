import type { DoctorCheck, Inventory, TelemetrySample } from '../../shared/contract/hardware.ts';
import type { Inspector } from '../models/inspector.ts';
import type { Clock, Files, HostFacts, Logger, Processes } from '../platform/ports.ts';
import type { DoctorExtra } from './doctor/evidence.ts';
import { gatherEvidence } from './doctor/gather-evidence.ts';
import { gpuChecks } from './doctor/gpu-checks.ts';
import { machineChecks } from './doctor/machine-checks.ts';
import { programChecks } from './doctor/program-checks.ts';
import { openEnergySource, type EnergySource } from './energy/energy-source.ts';
import { foreignCpuPercent } from './foreign-cpu.ts';
import { createInventoryTaker, type FullInventory } from './inventory.ts';
import { readPower, type PowerState } from './power.ts';
import type { Reading } from './reading.ts';
import { createReplayTelemetry } from './telemetry/replay.ts';
import { createTelemetry } from './telemetry/telemetry.ts';
import { createWorkerSource } from './telemetry/worker-source.ts';

export interface Hardware extends AsyncDisposable {
  /**
   * The machine as it is; probed once, then kept until `refresh`. Free memory is always of now.
   * @throws AppError `hardware.probe-failed`, `app.cancelled`
   */
  inventory(options: { readonly refresh?: boolean; readonly signal: AbortSignal }): Promise<Inventory>;
  /**
   * Live samples until `signal` aborts. However many watch, one worker samples; it ends with the last watcher.
   * When it dies, a sample without numbers says so, and it is started again.
   */
  watch(signal: AbortSignal): AsyncIterable<TelemetrySample>;
  /** The newest sample while somebody watches; `null` otherwise. */
  latest(): TelemetrySample | null;
  /** Changes the sampling interval, ms; at once when somebody watches. */
  setTelemetryIntervalMs(intervalMs: number): Promise<void>;
  /** What was found on this machine, what is missing, and how to fix it. Takes about two seconds. */
  doctor(signal: AbortSignal, extra: DoctorExtra): Promise<readonly DoctorCheck[]>;
  /**
   * CPU that processes other than `ownPids` use over one second, percent of one core per core.
   * @throws AppError `app.cancelled`
   */
  foreignCpuPercent(ownPids: readonly number[], signal: AbortSignal): Promise<Reading>;
  /** The energy sensors alone, read when asked; of the boards only where a model uses them. */
  openEnergy(options: { readonly usesGpu: boolean; readonly intervalMs: number }): Promise<EnergySource>;
  /** Battery or mains, governor or power plan, power saver. */
  power(signal: AbortSignal): Promise<PowerState>;
}

export interface HardwareOptions {
  readonly files: Files;
  readonly processes: Processes;
  readonly host: HostFacts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly inspector: Pick<Inspector, 'probe'>;
  /** Milliseconds between samples; 500 unless given. */
  readonly intervalMs?: number;
  /** A recording (JSON Lines of samples) to play instead of sampling; DYNO_TELEMETRY_REPLAY names one, too. */
  readonly replay?: string | undefined;
}

const DEFAULT_INTERVAL_MS = 500;

/** The kept inventory with the free memory of now: from the newest sample, else from the host. */
const freshen = (
  { inventory }: FullInventory,
  host: HostFacts,
  newest: TelemetrySample | null,
): Inventory => ({
  ...inventory,
  memory: {
    ...inventory.memory,
    availableBytes: host.availableMemoryBytes(),
  },
  gpus: inventory.gpus.map((gpu) => {
    const live = newest?.gpus.find(({ id }) => id === gpu.id);
    return typeof live?.memoryTotalBytes === 'number' && live.memoryUsedBytes !== null
      ? { ...gpu, freeMemoryBytes: live.memoryTotalBytes - live.memoryUsedBytes }
      : gpu;
  }),
});

/** Detection, live telemetry and the doctor. */
export const createHardware = (options: HardwareOptions): Hardware => {
  const { files, host } = options;
  const replayPath = options.replay ?? host.env['DYNO_TELEMETRY_REPLAY'];
  const source =
    replayPath === undefined || replayPath === ''
      ? createWorkerSource(options)
      : createReplayTelemetry(() => files.readText(replayPath), options);
  const telemetry = createTelemetry(source, options.intervalMs ?? DEFAULT_INTERVAL_MS);
  const taker = createInventoryTaker(options);

  return {
    inventory: async ({ refresh = false, signal }) =>
      freshen(await taker.take({ refresh, signal }), host, telemetry.latest()),
    watch: (signal) => telemetry.watch(signal),
    latest: () => telemetry.latest(),
    setTelemetryIntervalMs: (intervalMs) => telemetry.setIntervalMs(intervalMs),
    doctor: async (signal, extra) => {
      const taken = await taker.take({ refresh: true, signal });
      const evidence = await gatherEvidence(options, taken, extra, signal);
      return [...programChecks(evidence), ...machineChecks(evidence), ...gpuChecks(evidence)];
    },
    foreignCpuPercent: (ownPids, signal) => foreignCpuPercent(options, ownPids, signal),
    openEnergy: (wish) => openEnergySource(options, { ...wish, platform: host.platform }),
    power: (signal) => readPower(options, signal),
    [Symbol.asyncDispose]: async () => {
      await taker.close();
      await telemetry[Symbol.asyncDispose]();
    },
  };
};
