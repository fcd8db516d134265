import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import type { TelemetrySource } from './telemetry-source.ts';

export interface Telemetry extends AsyncDisposable {
  /** Every sample from now on, until `signal` aborts or the loop is left. A slow watcher loses the oldest ones. */
  watch(signal: AbortSignal): AsyncIterable<TelemetrySample>;
  /** The newest sample while somebody watches; `null` otherwise. */
  latest(): TelemetrySample | null;
  /** The interval of the next start; a running source is started anew with it. */
  setIntervalMs(intervalMs: number): Promise<void>;
}

/** Samples a watcher may lag behind: a minute at two per second. */
const MAX_LAG = 120;

interface Watcher {
  readonly queue: TelemetrySample[];
  wake: () => void;
}

/** Shares one source among all watchers: it starts with the first and stops with the last. */
export const createTelemetry = (source: TelemetrySource, firstIntervalMs: number): Telemetry => {
  const watchers = new Set<Watcher>();
  let intervalMs = firstIntervalMs;
  let running: AsyncDisposable | undefined;
  let newest: TelemetrySample | null = null;
  /** The stop still under way; the next start waits for it, so that two workers never run. */
  let stopping: Promise<void> = Promise.resolve();
  let isClosed = false;

  const emit = (sample: TelemetrySample): void => {
    newest = sample;
    for (const watcher of watchers) {
      if (watcher.queue.push(sample) > MAX_LAG) watcher.queue.shift();
      watcher.wake();
    }
  };

  const start = async (): Promise<void> => {
    await stopping;
    if (running !== undefined || watchers.size === 0 || isClosed) return;
    running = source.start(emit, intervalMs);
  };

  const stop = (): Promise<void> => {
    const ending = running;
    running = undefined;
    newest = null;
    if (ending !== undefined) stopping = Promise.resolve(ending[Symbol.asyncDispose]());
    return stopping;
  };

  return {
    latest: () => newest,
    async *watch(signal) {
      const watcher: Watcher = { queue: [], wake: () => undefined };
      const wake = (): void => watcher.wake();
      signal.addEventListener('abort', wake);
      watchers.add(watcher);
      try {
        await start();
        while (!signal.aborted && !isClosed) {
          const sample = watcher.queue.shift();
          if (sample !== undefined) {
            yield sample;
            continue;
          }
          await new Promise<void>((resolve) => {
            watcher.wake = resolve;
          });
        }
      } finally {
        signal.removeEventListener('abort', wake);
        watchers.delete(watcher);
        if (watchers.size === 0) await stop();
      }
    },
    setIntervalMs: async (nextMs) => {
      if (nextMs === intervalMs) return;
      intervalMs = nextMs;
      if (running === undefined) return;
      await stop();
      await start();
    },
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      for (const watcher of watchers) watcher.wake();
      await stop();
    },
  };
};
