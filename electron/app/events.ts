import type { AppEvent, EventBody } from '../../shared/events/events.ts';
import type { Clock } from '../platform/ports.ts';
import type { EventStore } from '../platform/stores.ts';

/** The event log with its watchers: an event is stored first, then told. */
export interface EventLog {
  publish(body: EventBody): void;
  lastSeq(): number;
  /** Every event after `afterSeq` (default: from now on), in order, without a gap, until `signal` aborts. */
  watch(afterSeq: number | undefined, signal: AbortSignal | undefined): AsyncGenerator<AppEvent, void, void>;
  /** Calls `act` after each stored event, until disposed. */
  onEvent(act: (event: AppEvent) => void): Disposable;
}

const page = 500;
/** Old events serve reconnecting windows only; results live in stores of their own. */
const keptEvents = 20_000;

export const createEventLog = (store: EventStore, clock: Clock): EventLog => {
  const listeners = new Set<(event: AppEvent) => void>();
  store.prune(keptEvents);

  const onEvent = (act: (event: AppEvent) => void): Disposable => {
    listeners.add(act);
    return { [Symbol.dispose]: () => listeners.delete(act) };
  };

  async function* watch(
    afterSeq: number | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<AppEvent, void, void> {
    let seq = afterSeq ?? store.lastSeq();
    let wake = Promise.withResolvers<undefined>();
    using _subscription = onEvent(() => wake.resolve(undefined));
    const stop = () => wake.resolve(undefined);
    signal?.addEventListener('abort', stop);
    try {
      while (signal?.aborted !== true) {
        const events = store.after(seq, page); // the store is the queue: a slow watcher costs no memory
        for (const event of events) {
          yield event;
          seq = event.seq;
        }
        if (events.length > 0) continue;
        await wake.promise;
        wake = Promise.withResolvers();
      }
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  return {
    publish: (body) => {
      const event = store.append(body, clock.nowMs());
      for (const listener of [...listeners]) listener(event);
    },
    lastSeq: () => store.lastSeq(),
    watch,
    onEvent,
  };
};
