import type { Clock } from '../platform/ports.ts';

/** Before this much is done the speed is noise and no estimate is better than a wild one. */
const firstFraction = 0.02;

/** Remaining time from the mean speed since the start; steady, as the work per element hardly changes. */
export const createEtaMeter = (clock: Pick<Clock, 'monotonicMs'>) => {
  const startedMs = clock.monotonicMs();
  return {
    /** @returns milliseconds left, `null` while unknown */
    update: (fraction: number): number | null => {
      if (fraction < firstFraction) return null;
      const elapsedMs = clock.monotonicMs() - startedMs;
      return Math.max(0, Math.round((elapsedMs * (1 - fraction)) / fraction));
    },
  };
};
