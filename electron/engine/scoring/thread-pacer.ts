/** Chooses the threads of the next window from how long the windows before took. */
export interface ThreadPacer {
  /** Threads of the next window. */
  next(): number;
  /** What the last window took. */
  record(threads: number, wallMs: number): void;
}

/** A window this much slower than the best of its thread count says that another program took the cores. */
const SLOWED = 1.5;

/**
 * All threads, half of them, and a quarter are tried on one window each, since a window is work that has to be done
 * anyway; then the fastest is kept until a window is 1.5 times slower than its best, and the trial begins again. On a
 * machine that others use, all cores can be ten times slower than half of them: every thread waits at each barrier
 * for the one that lost its core (docs/performance.md).
 */
export const createThreadPacer = (limit: number, isFixed: boolean): ThreadPacer => {
  const shares = isFixed ? [1] : [1, 0.5, 0.25];
  const candidates = [...new Set(shares.map((share) => Math.max(1, Math.floor(limit * share))))];
  const bestMs = new Map<number, number>();
  let untried = [...candidates];
  let chosen = candidates[0] ?? 1;
  let isWarm = false; // the first window also pays for pages that were never touched

  const fastest = (): number =>
    candidates.reduce((best, each) => ((bestMs.get(each) ?? 0) < (bestMs.get(best) ?? 0) ? each : best));

  return {
    next: () => chosen,
    record: (threads, wallMs) => {
      if (!isWarm) {
        isWarm = true;
        return;
      }
      if (untried.length > 0) {
        bestMs.set(threads, wallMs);
        untried = untried.filter((each) => each !== threads);
        chosen = untried[0] ?? fastest();
        return;
      }
      const best = Math.min(bestMs.get(threads) ?? wallMs, wallMs);
      bestMs.set(threads, best);
      if (wallMs <= best * SLOWED || candidates.length === 1) return;
      untried = [...candidates];
      chosen = untried[0] ?? threads;
    },
  };
};
