import { toDriverSchema, type DriverRequest, type FromDriver } from '../../electron/bench/driver/messages.ts';
import { runStage } from '../../electron/bench/profiles/run-stage.ts';
import type { Clock } from '../../electron/platform/ports.ts';
import type { LoadSample } from '../../shared/contract/load.ts';
import type { FakeWorker } from './fake-processes.ts';

export interface FakeDriverOptions {
  readonly clock: Clock;
  /** Milliseconds to the first token and between tokens, by the target's model name. */
  readonly pace?: (modelName: string) => { readonly ttftMs: number; readonly gapMs: number };
  /** Changes a finished sample. */
  readonly spoil?: (sample: LoadSample) => LoadSample;
}

/** Plays the driver process on a virtual clock: the real profiles run, answers take the time they are told. */
export const createFakeDriver =
  ({ clock, pace, spoil = (sample) => sample }: FakeDriverOptions) =>
  (worker: FakeWorker): void => {
    const aborts = new Map<string, AbortController>();
    worker.onSent((raw) => {
      const message = toDriverSchema.parse(raw);
      if (message.type === 'abort') {
        aborts.get(message.id)?.abort();
        return;
      }
      const { task } = message;
      const stop = new AbortController();
      aborts.set(task.id, stop);
      const { ttftMs, gapMs } = pace?.(task.target.modelName) ?? { ttftMs: 20, gapMs: 10 };
      const samples: LoadSample[] = [];
      const startedAtMs = clock.monotonicMs();
      const emit = (reply: FromDriver): void => worker.emit(reply);
      const run = async (): Promise<void> => {
        await runStage<DriverRequest>(task.requests, task.pacing, {
          clock,
          signal: stop.signal,
          send: async (request, intendedAtMs) => {
            const sentAtMs = clock.monotonicMs();
            const lastTokenMs = ttftMs + gapMs * (request.outputTokens - 1);
            await clock.sleep(lastTokenMs);
            samples.push(
              spoil({
                repetition: task.repetition,
                index: request.index,
                isWarmup: task.isWarmup,
                stream: request.stream,
                sentAtMs,
                intendedAtMs,
                firstEventMs: ttftMs,
                firstTokenMs: ttftMs,
                firstAnswerMs: ttftMs,
                lastTokenMs,
                endMs: lastTokenMs,
                gapsMs: Array<number>(request.outputTokens - 1).fill(gapMs),
                promptTokens: request.promptTokens,
                cachedTokens: 0,
                outputTokens: request.outputTokens,
                askedTokens: request.outputTokens,
                tokenCountSource: 'usage',
                finishReason: 'length',
                status: 200,
                engine: null,
                error: null,
              }),
            );
            return samples.at(-1)?.error === null;
          },
          drop: () => undefined,
        });
        emit({ type: 'sampled', id: task.id, samples });
        const end = { startedAtMs, endedAtMs: clock.monotonicMs(), eventLoopDelayP99Ms: 0.2 };
        emit({ type: 'done', id: task.id, end });
      };
      void run();
    });
  };
