import { toDriverSchema, type WindowResult } from '../../electron/bench/driver/messages.ts';
import { profileNamed } from '../../electron/bench/profiles/list.ts';
import type { Clock } from '../../electron/platform/ports.ts';
import type { RequestSample } from '../../shared/contract/bench.ts';
import type { FakeWorker } from './fake-processes.ts';

export interface FakeDriverOptions {
  readonly clock: Clock;
  /** Milliseconds to the first token and between tokens, by the target's model name. */
  readonly pace?: (modelName: string) => { readonly ttftMs: number; readonly gapMs: number };
  /** Changes a finished sample. */
  readonly spoil?: (sample: RequestSample) => RequestSample;
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
      const samples: RequestSample[] = [];
      const startedAtMs = clock.monotonicMs();
      const run = async (): Promise<WindowResult> => {
        const profile = profileNamed(task.profile.name).bind(
          task.profile.parameters,
          task.profile.contextSize,
        );
        await profile.run(task.requests, {
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
                error: null,
              }),
            );
          },
        });
        return { startedAtMs, endedAtMs: clock.monotonicMs(), samples, eventLoopDelayP99Ms: 0.2 };
      };
      void run().then((result) => worker.emit({ type: 'done', id: task.id, result }));
    });
  };
