import { emptyAppState, reduceApp, type AppState } from '../../shared/events/reduce-app.ts';
import type { AppEvent } from '../../shared/events/events.ts';
import type { Client } from '../transport/client.ts';
import type { Connection } from '../transport/connection.ts';
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
export const createLiveFeed = (client: Client, connection: Connection): LiveFeed => {
  const store = createStore<LiveState>({ ...emptyAppState, isLoaded: false });
  const listeners = new Set<(event: AppEvent) => void>();
  let following: AbortController | undefined;
  let followedEpoch = 0;

  const follow = async (signal: AbortSignal): Promise<void> => {
    const { seq, isLoaded } = store.get();
    const events = await client.app.watch(isLoaded ? { afterSeq: seq } : {}, { signal });
    const early: AppEvent[] = [];
    const snapshotPhase = { isOpen: true };
    const snapshot = loadSnapshot(client, signal).then((loaded) => {
      const before: AppState = { ...loaded, seq: 0 };
      const folded = early.reduce(reduceApp, before);
      snapshotPhase.isOpen = false;
      store.set({ ...folded, seq: Math.max(folded.seq, store.get().seq), isLoaded: true });
    });
    // A failed snapshot ends this connection's turn; the next one starts over.
    snapshot.catch(() => following?.abort());
    for await (const event of events) {
      if (snapshotPhase.isOpen) early.push(event);
      store.set({ ...reduceApp(store.get(), event), isLoaded: store.get().isLoaded });
      for (const listener of [...listeners]) listener(event);
    }
    await snapshot;
  };

  const restart = (): void => {
    const state = connection.state();
    if (state.type !== 'open' || state.epoch === followedEpoch) return;
    followedEpoch = state.epoch;
    following?.abort();
    const current = new AbortController();
    following = current;
    // The stream ends by losing the connection, which `connection` announces and answers by itself.
    follow(current.signal).catch(() => current.abort());
  };

  connection.onChange(restart);
  restart();
  return {
    store,
    onEvent: (act) => {
      listeners.add(act);
      return () => listeners.delete(act);
    },
  };
};
