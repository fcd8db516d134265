import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import { isAbort } from '../../../shared/errors/app-error.ts';
import type { Clock, HostFacts, Logger, Processes, WorkerHandle } from '../../platform/ports.ts';
import { telemetryReplySchema, type TelemetryTask } from '../telemetry-protocol.ts';
import { createGapSample } from './gap-sample.ts';
import type { TelemetrySource } from './telemetry-source.ts';

interface WorkerSourcePorts {
  readonly processes: Pick<Processes, 'spawnWorker'>;
  readonly clock: Clock;
  readonly host: HostFacts;
  readonly log: Logger;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A worker that lived this long was healthy: the next pause is the first one again. */
const HEALTHY_MS = 60_000;
/** A worker this long without a sample hangs, e.g. in a driver, and is replaced. */
const silenceMs = (intervalMs: number): number => Math.max(15_000, 8 * intervalMs);

/** Pause before start number `failures` + 1: 0.5 s, 1 s, 2 s… up to 30 s. */
export const restartPauseMs = (failures: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));

/** Lets one worker sample until it ends, hangs or is stopped; gives the reason why it ended. */
const followWorker = async (
  ports: WorkerSourcePorts,
  worker: WorkerHandle,
  options: {
    readonly intervalMs: number;
    readonly emit: (sample: TelemetrySample) => void;
    readonly signal: AbortSignal;
  },
): Promise<string> => {
  const { clock } = ports;
  let heardAtMs = clock.monotonicMs();
  let failure: string | undefined;
  using _messages = worker.onMessage((message) => {
    const reply = telemetryReplySchema.safeParse(message);
    heardAtMs = clock.monotonicMs();
    if (!reply.success) {
      failure = 'the telemetry process sent something else than a sample';
      void worker.stop();
      return;
    }
    if (reply.data.type === 'ready') {
      worker.send({ type: 'sample', intervalMs: options.intervalMs } satisfies TelemetryTask);
    } else if (reply.data.type === 'sample' && !options.signal.aborted) {
      options.emit(reply.data.sample);
    } else if (reply.data.type === 'failed') {
      failure = `the telemetry process failed: ${reply.data.error.message}`;
      void worker.stop();
    }
  });
  const limitMs = silenceMs(options.intervalMs);
  using _watchdog = clock.every(limitMs / 3, () => {
    if (clock.monotonicMs() - heardAtMs < limitMs) return;
    failure = `the telemetry process was silent for ${Math.round(limitMs / 1000)} s`;
    void worker.stop(0);
  });
  const exit = await worker.exited;
  return failure ?? `the telemetry process ended (${exit.signal ?? `code ${exit.code ?? 'unknown'}`})`;
};

/** Samples in a telemetry worker; one that dies is replaced after a growing pause, and the gap is a sample of its own. */
export const createWorkerSource = (ports: WorkerSourcePorts): TelemetrySource => ({
  start: (emit, intervalMs) => {
    const { clock, log, processes } = ports;
    const stop = new AbortController();
    let worker: WorkerHandle | undefined;

    const run = async (): Promise<void> => {
      let failures = 0;
      for (;;) {
        const startedAtMs = clock.monotonicMs();
        worker = processes.spawnWorker('telemetry', { label: 'dyno-telemetry' });
        const reason = await followWorker(ports, worker, { intervalMs, emit, signal: stop.signal });
        if (stop.signal.aborted) return;
        failures = clock.monotonicMs() - startedAtMs >= HEALTHY_MS ? 1 : failures + 1;
        const pauseMs = restartPauseMs(failures);
        log.warn(reason, { pauseMs, output: worker.outputTail().slice(-5) });
        emit(createGapSample(ports, `${reason}; it starts again in ${pauseMs / 1000} s`));
        await clock.sleep(pauseMs, stop.signal);
      }
    };
    const ended = run().catch((error: unknown) => {
      if (isAbort(error)) return;
      log.error('telemetry stopped', { error });
      emit(createGapSample(ports, 'telemetry stopped: the telemetry process cannot be started'));
    });

    return {
      [Symbol.asyncDispose]: async () => {
        stop.abort();
        await worker?.stop();
        await ended;
      },
    };
  },
});
