import type { EngineFacts } from '../../../shared/contract/engine.ts';
import type { LoadSpec } from '../../engine/engine.ts';

/**
 * Threads that every engine on `auto` takes in one comparison. Each file's own choice is a short measurement: two
 * files on either side of a near tie would be compared with different threads, and the difference called theirs.
 */
export interface CommonThreads {
  /** What the first engine on `auto` chose; `undefined` until one has. */
  choice(): LoadSpec['threadChoice'];
  learn(facts: EngineFacts): void;
}

/** @param earlier - engines on `auto` of the same comparison that were loaded before it was interrupted */
export const createCommonThreads = (earlier: readonly EngineFacts[] = []): CommonThreads => {
  let first = earlier[0];
  return {
    choice: () =>
      first === undefined
        ? undefined
        : { decode: first.threads, prefill: first.prefillThreads ?? first.threads },
    learn: (facts) => {
      first ??= facts;
    },
  };
};
