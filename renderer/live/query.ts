import { toProblem, type Problem } from '../transport/problem.ts';
import { createStore } from './store.ts';

/** What a screen asked for. `data` stays visible while a newer answer is on its way or has failed. */
export type QueryState<T> =
  | { readonly type: 'loading'; readonly data: undefined }
  | { readonly type: 'ready'; readonly data: T; readonly isRefreshing: boolean }
  | { readonly type: 'failed'; readonly data: T | undefined; readonly problem: Problem };

/** One question to the host with its answer, shared by all screens that ask it. */
export interface Query<T> {
  /** Begins with its feature, for `invalidate`: `bench.run run_1`. */
  readonly key: string;
  readonly get: () => QueryState<T>;
  readonly subscribe: (act: () => void) => () => void;
  /** Asks if nobody has asked yet. */
  readonly ensure: () => void;
  /** Asks again, keeping the present answer on the screen. */
  readonly refresh: () => void;
  /** As `refresh`, but leaves alone a question that is on its way: what is asked every so often must be answered in between. */
  readonly poll: () => void;
  /** Its answer may be old: asks again if it is on a screen, else forgets it. */
  readonly invalidate: () => void;
}

const loading = { type: 'loading', data: undefined } as const;

export const createQuery = <T>(key: string, load: (signal: AbortSignal) => Promise<T>): Query<T> => {
  const store = createStore<QueryState<T>>(loading);
  let running: AbortController | undefined;
  let watcherCount = 0;

  const refresh = (): void => {
    running?.abort();
    const current = new AbortController();
    running = current;
    const { data } = store.get();
    store.set(data === undefined ? loading : { type: 'ready', data, isRefreshing: true });
    load(current.signal).then(
      (answer) => {
        if (!current.signal.aborted) store.set({ type: 'ready', data: answer, isRefreshing: false });
      },
      (error: unknown) => {
        if (!current.signal.aborted)
          store.set({ type: 'failed', data: store.get().data, problem: toProblem(error) });
      },
    );
  };

  return {
    key,
    get: store.get,
    subscribe: (act) => {
      watcherCount += 1;
      const stop = store.subscribe(act);
      return () => {
        watcherCount -= 1;
        stop();
      };
    },
    ensure: () => {
      if (running === undefined) refresh();
    },
    refresh,
    poll: () => {
      const state = store.get();
      const isAsked = state.type === 'loading' || (state.type === 'ready' && state.isRefreshing);
      if (running === undefined || !isAsked) refresh();
    },
    invalidate: () => {
      if (running === undefined) return;
      if (watcherCount > 0) {
        refresh();
        return;
      }
      running.abort();
      running = undefined;
      store.set(loading);
    },
  };
};
