import type { Clock } from '../platform/ports.ts';

const AGE_MS = 1000;

/** The value as it was at most a second ago, for what is asked far more often than it changes. */
export const readRecently = <Value>(clock: Pick<Clock, 'monotonicMs'>, read: () => Value): (() => Value) => {
  let known: { readonly value: Value; readonly atMs: number } | undefined;
  return () => {
    const nowMs = clock.monotonicMs();
    if (known === undefined || nowMs - known.atMs >= AGE_MS) known = { value: read(), atMs: nowMs };
    return known.value;
  };
};
