import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { RequestSample } from '../../../shared/contract/bench.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';
import { profileNamed } from '../profiles/list.ts';
import type { DriverTick, WindowResult, WindowTask } from './messages.ts';
import { createSampleRecorder } from './sample-recorder.ts';
import { sendRequest, type Connections } from './send-request.ts';

const tickMs = 250;
/** The histogram counts whole timer periods, so this much of every value is no delay. */
const loopResolutionMs = 5;

interface WindowPorts {
  readonly connections: Connections;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onTick: (tick: DriverTick) => void;
}

/** Collects what arrived since the last tick, for the live page. */
const createTicker = (clock: Clock, onTick: (tick: DriverTick) => void) => {
  let tokens = 0;
  let ttftsMs: number[] = [];
  let lastMs = clock.monotonicMs();
  const timer = clock.every(tickMs, () => {
    const atMs = clock.monotonicMs();
    onTick({ atMs, tokens, spanMs: atMs - lastMs, ttftsMs });
    tokens = 0;
    ttftsMs = [];
    lastMs = atMs;
  });
  return {
    countTokens: (count: number) => {
      tokens += count;
    },
    noteSample: (sample: RequestSample) => {
      if (sample.firstTokenMs !== null) ttftsMs.push(sample.firstTokenMs);
    },
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
};

/**
 * Runs one repetition of a load profile against the target and resolves with every request's sample.
 * @throws AppError `app.cancelled` when `signal` aborts
 */
export const runWindow = async (
  task: WindowTask,
  { connections, clock, signal, onTick }: WindowPorts,
): Promise<WindowResult> => {
  const profile = profileNamed(task.profile.name).bind(task.profile.parameters, task.profile.contextSize);
  const byIndex = new Map(task.requests.map((request) => [request.index, request]));
  const samples: RequestSample[] = [];
  using ticker = createTicker(clock, onTick);
  const loopDelay = monitorEventLoopDelay({ resolution: loopResolutionMs });
  loopDelay.enable();
  const startedAtMs = clock.monotonicMs();

  await profile.run(task.requests, {
    clock,
    signal,
    send: async ({ index }, intendedAtMs) => {
      const request = byIndex.get(index);
      if (request === undefined) return;
      const recorder = createSampleRecorder({
        repetition: task.repetition,
        isWarmup: task.isWarmup,
        index,
        stream: request.stream,
        askedTokens: request.outputTokens,
        intendedAtMs,
      });
      const sample = await sendRequest(task, request, {
        connections,
        clock,
        signal,
        recorder,
        onTokens: ticker.countTokens,
      });
      ticker.noteSample(sample);
      samples.push(sample);
    },
  });
  loopDelay.disable();
  if (signal.aborted) throw new AppError('app.cancelled');
  return {
    startedAtMs,
    endedAtMs: clock.monotonicMs(),
    samples: samples.sort((a, b) => a.index - b.index),
    eventLoopDelayP99Ms: Math.max(0, loopDelay.percentile(99) / 1e6 - loopResolutionMs),
  };
};
