import { useCallback, useState } from 'react';

/** Those who draw what grows outside React, and how to tell them. */
export interface Watchers {
  readonly announce: () => void;
  readonly subscribe: (act: () => void) => () => void;
}

/** Watchers of one page; both functions keep their identity while it lives. */
export const useWatchers = (): Watchers => {
  const [watchers] = useState(() => new Set<() => void>());
  const announce = useCallback((): void => {
    for (const watcher of [...watchers]) watcher();
  }, [watchers]);
  const subscribe = useCallback(
    (act: () => void) => {
      watchers.add(act);
      return () => {
        watchers.delete(act);
      };
    },
    [watchers],
  );
  return { announce, subscribe };
};
