import type { AppEvent, EventBody } from '../../../shared/events/events.ts';

/** Numbers events and hands them to every watcher, with resume. Test-only. */
export interface EventHub {
  publish(body: EventBody): void;
  lastSeq(): number;
  watch(afterSeq: number | undefined, signal: AbortSignal | undefined): AsyncGenerator<AppEvent, void, void>;
}

export const createEventHub = (nowMs: () => number): EventHub => {
  const stored: AppEvent[] = [];
  const wakers = new Set<() => void>();
  return {
    lastSeq: () => stored.length,
    publish: (body) => {
      stored.push({ seq: stored.length + 1, atMs: nowMs(), body });
      for (const wake of [...wakers]) wake();
    },
    watch: async function* (afterSeq, signal) {
      let next = afterSeq ?? stored.length;
      while (signal?.aborted !== true) {
        const event = stored[next];
        if (event !== undefined) {
          next += 1;
          yield event;
          continue;
        }
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            wakers.delete(wake);
            signal?.removeEventListener('abort', wake);
            resolve();
          };
          wakers.add(wake);
          signal?.addEventListener('abort', wake);
        });
      }
    },
  };
};
