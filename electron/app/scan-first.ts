import type { ModelLibrary } from '../models/index.ts';

/** The library behind its first scan. */
export interface ScannedLibrary extends ModelLibrary {
  /** Begins the first scan unless it has begun; resolves at its end. */
  ready(): Promise<void>;
}

/**
 * A library that is scanned once before its first answer, not before the host is up: a cache of a hundred models takes
 * seconds, and a command that asks for no model should not read one. A scan that failed is tried again at the next
 * question. Disposing aborts a scan under way.
 */
export const scanFirst = (library: ModelLibrary): ScannedLibrary => {
  const stop = new AbortController();
  let first: Promise<unknown> | undefined;
  let isReady = false;

  const ready = async (): Promise<void> => {
    if (isReady) return;
    first ??= library.scan(stop.signal);
    try {
      await first;
      isReady = true;
    } catch (error) {
      first = undefined;
      throw error;
    }
  };
  const after = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    await ready();
    return act();
  };

  return {
    ready,
    list: library.list,
    scan: async (signal) => {
      if (isReady) return library.scan(signal);
      await ready(); // the scan that is due anyway
      return library.list();
    },
    resolve: (idOrPath) => after(() => library.resolve(idOrPath)),
    inspect: (idOrPath) => after(() => library.inspect(idOrPath)),
    importFile: (path, options) => after(() => library.importFile(path, options)),
    adopt: (path, origin) => after(() => library.adopt(path, origin)),
    remove: (idOrPath, options) => after(() => library.remove(idOrPath, options)),
    hash: (idOrPath, options) => after(() => library.hash(idOrPath, options)),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await library[Symbol.asyncDispose]();
    },
  };
};
