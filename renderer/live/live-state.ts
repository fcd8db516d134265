import { emptyAppState, reduceApp, type AppState } from '../../shared/events/reduce-app.ts';
import type { AppEvent } from '../../shared/events/events.ts';
import type { Client } from '../transport/client.ts';
import type { Connection } from '../transport/connection.ts';
import { keepFollowing, type After } from './keep-following.ts';
import { createStore, type Store } from './store.ts';

/** The host's state as it is now; `isLoaded` once the first snapshot is in. */
export interface LiveState extends AppState {
  readonly isLoaded: boolean;
}

export interface LiveFeed {
  readonly store: Store<LiveState>;
  /** Every event in order, bench ticks included. */
  readonly onEvent: (act: (event: AppEvent) => void) => () => void;
}

const loadSnapshot = async (client: Client, signal: AbortSignal): Promise<Omit<AppState, 'seq'>> => {
  const [jobs, models, replicas, server, requests] = await Promise.all([
    client.jobs.list({}, { signal }),
    client.models.list({}, { signal }),
    client.engines.list({}, { signal }),
    client.server.status({}, { signal }),
    client.server.requests({}, { signal }),
  ]);
  return { jobs, models, replicas, server, requests };
};

/**
 * Watches the host for as long as the page lives. On every new connection it resumes behind the last event it saw and
 * loads a fresh snapshot; events that arrive meanwhile are folded in again on top of it, so nothing is lost and
 * nothing stale stays.
 */
export const createLiveFeed = (client: Client, connection: Connection, after: After): LiveFeed => {
  const store = createStore<LiveState>({ ...emptyAppState, isLoaded: false });
  const listeners = new Set<(event: AppEvent) => void>();

  const take = (event: AppEvent): void => {
    store.set({ ...reduceApp(store.get(), event), isLoaded: store.get().isLoaded });
    for (const listener of [...listeners]) listener(event);
  };

  keepFollowing(connection, after, async (signal) => {
    const { seq, isLoaded } = store.get();
    const ending = new AbortController();
    const both = AbortSignal.any([signal, ending.signal]);
    const events = await client.app.watch(isLoaded ? { afterSeq: seq } : {}, { signal: both });
    const early: AppEvent[] = [];
    const phase = { isEarly: true };
    const snapshot = loadSnapshot(client, both).then((loaded) => {
      const before: AppState = { ...loaded, seq: 0 };
      const folded = early.reduce(reduceApp, before);
      phase.isEarly = false;
      store.set({ ...folded, seq: Math.max(folded.seq, store.get().seq), isLoaded: true });
    });
    // Without its snapshot the stream is of no use: end it, and the next turn starts over.
    snapshot.catch(() => ending.abort());
    for await (const event of events) {
      if (phase.isEarly) early.push(event);
      take(event);
    }
    await snapshot;
  });

  return {
    store,
    onEvent: (act) => {
      listeners.add(act);
      return () => listeners.delete(act);
    },
  };
};
