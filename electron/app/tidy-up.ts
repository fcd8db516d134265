import type { Logger } from '../platform/ports.ts';

/** Work that goes on behind an answer already given, such as removing what a stopped job left. Disposing waits for it. */
export interface TidyUp extends AsyncDisposable {
  readonly after: (work: Promise<unknown>) => void;
}

export const createTidyUp = (log: Logger): TidyUp => {
  const open = new Set<Promise<void>>();
  return {
    after: (work) => {
      const entry = work
        .then(
          () => undefined,
          (error: unknown) => log.warn('something could not be tidied up', { error }),
        )
        .finally(() => open.delete(entry));
      open.add(entry);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(open);
    },
  };
};
