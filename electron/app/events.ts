import type { AppError } from '../../shared/errors/app-error.ts';
import type { AppEvent, EventBody } from '../../shared/events/events.ts';
import type { Clock } from '../platform/ports.ts';
import type { EventStore } from '../platform/stores.ts';

/** The event log with its watchers: an event is stored first, then told. Disposing it ends every watch. */
export interface EventLog extends Disposable {
  /** After the end an event is dropped: nobody can hear it, and the database behind it closes next. */
  publish(body: EventBody): void;
  lastSeq(): number;
  /** Ends every watch with the error: what its reader waits for could not be stored, and will never come. */
  breakOff(error: AppError): void;
  /**
   * Every event after `afterSeq` (default: from now on), in order, until `signal` aborts or the log ends. Without a gap
   * as long as `afterSeq` is one of the newest 20,000.
   */
  watch(afterSeq: number | undefined, signal: AbortSignal | undefined): AsyncGenerator<AppEvent, void, void>;
  /** Calls `act` after each stored event, until disposed. */
  onEvent(act: (event: AppEvent) => void): Disposable;
}

const page = 500;
/** Old events serve reconnecting windows only; results live in stores of their own. */
const keptEvents = 20_000;
/** A busy server stores ten events a second or more, so a host that runs for weeks must prune while it runs. */
const pruneEvery = 1000;

export const createEventLog = (store: EventStore, clock: Clock): EventLog => {
  const listeners = new Set<(event: AppEvent) => void>();
  const watchers = new Set<() => void>();
  const breaks = new Set<(error: AppError) => void>();
  let hasEnded = false;
  store.prune(keptEvents);

  async function* watch(
    afterSeq: number | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<AppEvent, void, void> {
    let seq = afterSeq ?? store.lastSeq();
    let news = Promise.withResolvers<undefined>();
    const wake = () => news.resolve(undefined);
    let broken: AppError | undefined;
    const breakOff = (error: AppError): void => {
      broken = error;
      wake();
    };
    watchers.add(wake);
    breaks.add(breakOff);
    signal?.addEventListener('abort', wake);
    try {
      while (!hasEnded && signal?.aborted !== true) {
        const events = store.after(seq, page); // the store is the queue: a slow watcher costs no memory
        for (const event of events) {
          yield event;
          seq = event.seq;
        }
        if (events.length > 0) continue;
        if (broken !== undefined) throw broken;
        await news.promise;
        news = Promise.withResolvers();
      }
    } finally {
      watchers.delete(wake);
      breaks.delete(breakOff);
      signal?.removeEventListener('abort', wake);
    }
  }

  return {
    publish: (body) => {
      if (hasEnded) return;
      const event = store.append(body, clock.nowMs());
      if (event.seq % pruneEvery === 0) store.prune(keptEvents);
      for (const act of [...listeners]) act(event);
      for (const wake of watchers) wake();
    },
    lastSeq: () => store.lastSeq(),
    breakOff: (error) => {
      for (const act of breaks) act(error);
    },
    watch,
    onEvent: (act) => {
      listeners.add(act);
      return { [Symbol.dispose]: () => listeners.delete(act) };
    },
    [Symbol.dispose]: () => {
      hasEnded = true;
      for (const wake of watchers) wake();
    },
  };
};
