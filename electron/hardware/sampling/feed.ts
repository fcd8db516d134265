import { isAbort } from '../../../shared/errors/app-error.ts';
import type { Clock, Logger } from '../../platform/ports.ts';
import { unknown } from '../reading.ts';

/** The newest value of a source that is asked in the background, because asking it takes long or costs much. */
export interface Feed<Value> extends Disposable {
  /** The newest value, or why there is none. */
  latest(): { readonly value: Value } | { readonly value: null; readonly reason: string };
}

interface FeedOptions<Value> {
  readonly name: string;
  readonly everyMs: number;
  /** Gives a new value, or the reason why there is none. */
  readonly ask: (
    signal: AbortSignal,
  ) => Promise<{ readonly value: Value } | { readonly value: null; readonly reason: string }>;
}

/** Asks again and again until disposed, one question at a time. A value older than five rounds counts as none. */
export const createFeed = <Value>(
  ports: { readonly clock: Clock; readonly log: Logger },
  options: FeedOptions<Value>,
): Feed<Value> => {
  const stop = new AbortController();
  let newest: ReturnType<Feed<Value>['latest']> = unknown(`${options.name} has not answered yet`);
  let atMs = ports.clock.monotonicMs();

  const follow = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      newest = await options.ask(stop.signal);
      atMs = ports.clock.monotonicMs();
      await ports.clock.sleep(options.everyMs, stop.signal);
    }
  };
  follow().catch((error: unknown) => {
    if (stop.signal.aborted || isAbort(error)) return;
    newest = unknown(
      `${options.name} cannot be run: ${error instanceof Error ? error.message : String(error)}`,
    );
    ports.log.warn('a telemetry source failed', { source: options.name, error });
  });

  return {
    latest: () => {
      const ageMs = ports.clock.monotonicMs() - atMs;
      if (newest.value === null || ageMs <= 5 * options.everyMs) return newest;
      return unknown(`${options.name} has been silent for ${Math.round(ageMs / 1000)} s`);
    },
    [Symbol.dispose]: () => stop.abort(),
  };
};
