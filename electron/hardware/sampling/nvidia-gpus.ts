import { isAbort } from '../../../shared/errors/app-error.ts';
import type { Clock, Logger, Processes } from '../../platform/ports.ts';
import { unknown } from '../reading.ts';
import { nvidiaArguments, parseNvidiaLine, type NvidiaGpu } from '../vendors/nvidia.ts';
import { queryNvidia } from './nvidia-query.ts';
import type { GpuReadings, Probe } from './probe.ts';

interface NvidiaPorts {
  readonly processes: Pick<Processes, 'run' | 'lines'>;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Row {
  readonly gpu: NvidiaGpu;
  readonly atMs: number;
}

/** Pause before nvidia-smi is started again after it ended. */
const RESTART_MS = 5_000;
const MIN_LOOP_MS = 100;

const toReadings = (gpu: NvidiaGpu): GpuReadings => ({
  id: gpu.id,
  vendor: 'nvidia',
  isUnified: gpu.isUnified,
  utilizationPercent: gpu.utilizationPercent,
  memoryUsedBytes: gpu.memoryUsedBytes,
  memoryTotalBytes: gpu.memoryTotalBytes,
  temperatureC: gpu.temperatureC,
  powerWatts: gpu.powerWatts,
  coreClockMhz: gpu.coreClockMhz,
  memoryClockMhz: gpu.memoryClockMhz,
  fanPercent: gpu.fanPercent,
  throttleReasons: gpu.throttleReasons,
});

const stale = (gpu: NvidiaGpu, ageMs: number): GpuReadings => {
  const silence = unknown(`nvidia-smi has been silent for ${Math.round(ageMs / 1000)} s`);
  return {
    ...toReadings(gpu),
    utilizationPercent: silence,
    memoryUsedBytes: silence,
    temperatureC: silence,
    powerWatts: silence,
    coreClockMhz: silence,
    memoryClockMhz: silence,
    fanPercent: silence,
    throttleReasons: silence,
  };
};

/**
 * NVIDIA cards through one nvidia-smi that keeps running and prints a line per card and interval. A new nvidia-smi
 * per sample would cost tens of milliseconds of CPU and wake the driver each time.
 * @param options.silentCards what to show, with a reason, while nvidia-smi tells nothing.
 * @param options.fields what alone is asked, `index` first; all that the driver knows unless given.
 */
export const createNvidiaGpus = (
  ports: NvidiaPorts,
  options: {
    readonly intervalMs: number;
    readonly silentCards: (reason: string) => readonly GpuReadings[];
    readonly fields?: readonly string[];
  },
): Probe<readonly GpuReadings[]> => {
  const { clock, log, processes } = ports;
  const stop = new AbortController();
  const rows = new Map<string, Row>();
  let problem = 'nvidia-smi has not answered yet';

  const follow = async (): Promise<void> => {
    const answer = await queryNvidia(processes, stop.signal);
    if (answer.type !== 'cards') {
      problem =
        answer.type === 'failed'
          ? `${answer.found} ${answer.fix}`
          : 'nvidia-smi is not installed: install the NVIDIA driver';
      return;
    }
    const query = answer.query.filter((name) => options.fields?.includes(name) ?? true);
    const loopMs = Math.max(MIN_LOOP_MS, options.intervalMs);
    for (;;) {
      for await (const line of processes.lines(answer.command, nvidiaArguments(query, loopMs), stop.signal)) {
        const gpu = parseNvidiaLine(line, query);
        if (gpu !== undefined) rows.set(gpu.id, { gpu, atMs: clock.monotonicMs() });
      }
      if (stop.signal.aborted) return;
      log.warn('nvidia-smi ended by itself; it is started again', { afterMs: RESTART_MS });
      await clock.sleep(RESTART_MS, stop.signal);
    }
  };
  follow().catch((error: unknown) => {
    if (stop.signal.aborted || isAbort(error)) return;
    problem = `nvidia-smi cannot be run: ${error instanceof Error ? error.message : String(error)}`;
    log.warn('nvidia-smi cannot be run', { error });
  });

  return {
    read: () => {
      if (rows.size === 0) return Promise.resolve(options.silentCards(problem));
      const nowMs = clock.monotonicMs();
      const maxAgeMs = Math.max(3_000, 4 * options.intervalMs);
      return Promise.resolve(
        [...rows.values()].map(({ gpu, atMs }) =>
          nowMs - atMs > maxAgeMs ? stale(gpu, nowMs - atMs) : toReadings(gpu),
        ),
      );
    },
    [Symbol.dispose]: () => stop.abort(),
  };
};
