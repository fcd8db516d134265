/** A value outside React that screens subscribe to. Changes are announced once each, after the value is set. */
export interface Store<T> {
  readonly get: () => T;
  readonly set: (next: T) => void;
  readonly subscribe: (act: () => void) => () => void;
}

export const createStore = <T>(initial: T): Store<T> => {
  const watchers = new Set<() => void>();
  let value = initial;
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(value, next)) return;
      value = next;
      for (const watcher of [...watchers]) watcher();
    },
    subscribe: (act) => {
      watchers.add(act);
      return () => watchers.delete(act);
    },
  };
};
