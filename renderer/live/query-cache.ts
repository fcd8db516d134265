import { toProblem, type Problem } from '../transport/problem.ts';

/** What a screen asked for. `data` stays visible while a newer answer is on its way or has failed. */
export type QueryState<T> =
  | { readonly type: 'loading'; readonly data: undefined; readonly problem: undefined }
  | { readonly type: 'ready'; readonly data: T; readonly problem: undefined; readonly isRefreshing: boolean }
  | { readonly type: 'failed'; readonly data: T | undefined; readonly problem: Problem };

/** Describes a question: equal keys are the same question and share one answer. */
export interface Query<T> {
  readonly key: string;
  readonly load: (signal: AbortSignal) => Promise<T>;
}

export interface QueryCache {
  read<T>(query: Query<T>): QueryState<T>;
  subscribe(key: string, act: () => void): () => void;
  /** Asks if nobody has asked yet. */
  ensure(query: Query<unknown>): void;
  /** Asks again, keeping the present answer on the screen. */
  refresh(query: Query<unknown>): void;
  /** Asks again for every answer on a screen whose key begins with `prefix`, and forgets the others. */
  invalidate(prefix: string): void;
}

interface Entry {
  state: QueryState<unknown>;
  query: Query<unknown> | undefined;
  running: AbortController | undefined;
  readonly watchers: Set<() => void>;
}

const loading = { type: 'loading', data: undefined, problem: undefined } as const;

export const createQueryCache = (): QueryCache => {
  const entries = new Map<string, Entry>();

  const entryOf = (key: string): Entry => {
    const known = entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = { state: loading, query: undefined, running: undefined, watchers: new Set() };
    entries.set(key, entry);
    return entry;
  };

  const settle = (entry: Entry, state: QueryState<unknown>): void => {
    entry.state = state;
    for (const watcher of [...entry.watchers]) watcher();
  };

  const refresh = (query: Query<unknown>): void => {
    const entry = entryOf(query.key);
    entry.running?.abort();
    const running = new AbortController();
    entry.running = running;
    entry.query = query;
    if (entry.state.type === 'ready') settle(entry, { ...entry.state, isRefreshing: true });
    if (entry.state.type === 'failed')
      settle(
        entry,
        entry.state.data === undefined
          ? loading
          : { type: 'ready', data: entry.state.data, problem: undefined, isRefreshing: true },
      );
    query.load(running.signal).then(
      (data) => {
        if (!running.signal.aborted)
          settle(entry, { type: 'ready', data, problem: undefined, isRefreshing: false });
      },
      (error: unknown) => {
        if (!running.signal.aborted)
          settle(entry, { type: 'failed', data: entry.state.data, problem: toProblem(error) });
      },
    );
  };

  return {
    // The key names the question, so the entry under it holds that question's type.
    read: <T>(query: Query<T>) => entryOf(query.key).state as QueryState<T>,
    subscribe: (key, act) => {
      const { watchers } = entryOf(key);
      watchers.add(act);
      return () => watchers.delete(act);
    },
    ensure: (query) => {
      if (entryOf(query.key).query === undefined) refresh(query);
    },
    refresh,
    invalidate: (prefix) => {
      for (const [key, entry] of entries) {
        if (!key.startsWith(prefix) || entry.query === undefined) continue;
        if (entry.watchers.size > 0) refresh(entry.query);
        else entries.delete(key);
      }
    },
  };
};
