import { useEffect, useSyncExternalStore } from 'react';
import type { Query, QueryState } from './query.ts';

/** Asks the host once, and renders again with every newer answer. `refresh` asks again now; `poll` is for `usePoll`. */
export const useQuery = <T>(query: Query<T>): QueryState<T> & Pick<Query<T>, 'refresh' | 'poll'> => {
  const state = useSyncExternalStore(query.subscribe, query.get);
  // Asked again when the answer has been forgotten; does nothing otherwise.
  useEffect(() => query.ensure());
  return { ...state, refresh: query.refresh, poll: query.poll };
};
