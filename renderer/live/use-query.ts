import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { useServices } from '../services-context.ts';
import type { Query, QueryState } from './query-cache.ts';

/** Asks the host once per key and renders again with every newer answer. `refresh` asks again now. */
export const useQuery = <T>(query: Query<T>): QueryState<T> & { readonly refresh: () => void } => {
  const { queries } = useServices();
  const { key } = query;
  const state = useSyncExternalStore(
    useCallback((act) => queries.subscribe(key, act), [queries, key]),
    () => queries.read(query),
  );
  // Asked again whenever the cache has forgotten the answer; `ensure` does nothing otherwise.
  useEffect(() => queries.ensure(query));
  return { ...state, refresh: () => queries.refresh(query) };
};
