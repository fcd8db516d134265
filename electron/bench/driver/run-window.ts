import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LoadSample } from '../../../shared/contract/load.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';
import { runStage } from '../profiles/run-stage.ts';
import { createConversations } from './conversations.ts';
import { dialects } from './dialects/list.ts';
import type { DriverRequest, DriverTick, WindowEnd, WindowTask } from './messages.ts';
import { createPreciseClock } from './precise-clock.ts';
import { createSampleRecorder } from './sample-recorder.ts';
import { sendRequest, type Connections } from './send-request.ts';
import { createWindowRecorder } from './window-recorder.ts';

/** The histogram counts whole timer periods, so this much of every value is no delay. */
const loopResolutionMs = 5;

interface WindowPorts {
  readonly connections: Connections;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onTick: (tick: DriverTick) => void;
  readonly onSamples: (samples: readonly LoadSample[]) => void;
}

/**
 * Runs one stage of load against the target; every request's sample is told to `onSamples` before it resolves.
 * @throws AppError `app.cancelled` when `signal` aborts
 */
export const runWindow = async (task: WindowTask, ports: WindowPorts): Promise<WindowEnd> => {
  const { connections, clock, signal } = ports;
  const conversations = createConversations(task.texts, task.requests.length);
  using window = createWindowRecorder(clock, ports);
  const recorderOf = (request: DriverRequest, intendedAtMs: number) =>
    createSampleRecorder({
      repetition: task.repetition,
      isWarmup: task.isWarmup,
      index: request.index,
      stream: request.stream,
      askedTokens: request.outputTokens,
      intendedAtMs,
      dialect: dialects[task.target.dialect],
    });
  const loopDelay = monitorEventLoopDelay({ resolution: loopResolutionMs });
  loopDelay.enable();
  const startedAtMs = clock.monotonicMs();

  await runStage<DriverRequest>(task.requests, task.pacing, {
    clock: createPreciseClock(clock),
    signal,
    send: async (request, intendedAtMs) => {
      const recorder = recorderOf(request, intendedAtMs);
      const messages = conversations.messagesFor(request);
      window.opened();
      const sample = await sendRequest(task, request, {
        connections,
        clock,
        signal,
        recorder,
        messages,
        onTokens: window.countTokens,
      });
      window.closed(sample);
      conversations.heard(request, messages, recorder.answer());
      return sample.error === null;
    },
    drop: (request, intendedAtMs) =>
      window.note(
        recorderOf(request, intendedAtMs).end(clock.monotonicMs(), {
          code: 'bench.request-dropped',
          message: 'Not sent: too many requests were open, or the turn before it had failed.',
        }),
      ),
  });
  loopDelay.disable();
  window.flush();
  if (signal.aborted) throw new AppError('app.cancelled');
  return {
    startedAtMs,
    endedAtMs: clock.monotonicMs(),
    eventLoopDelayP99Ms: Math.max(0, loopDelay.percentile(99) / 1e6 - loopResolutionMs),
  };
};
