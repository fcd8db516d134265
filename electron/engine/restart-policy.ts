/** A crash longer ago says nothing about the file any more. */
const crashMemoryMs = 10 * 60_000;
/** Crashes on one model within that time that mark it bad. */
export const crashesToMark = 3;
const firstDelayMs = 500;
const delayFactor = 4;

/** Crashes that still count. */
export const recentCrashes = (crashedAtMs: readonly number[], nowMs: number): readonly number[] =>
  crashedAtMs.filter((atMs) => nowMs - atMs < crashMemoryMs);

export type CrashVerdict =
  | { readonly type: 'restart'; readonly attempt: number; readonly inMs: number }
  | { readonly type: 'mark-bad' };

/** What follows the newest of `crashedAtMs`: 0.5 s, then 2 s, then no more. */
export const judgeCrash = (crashedAtMs: readonly number[], nowMs: number): CrashVerdict => {
  const count = recentCrashes(crashedAtMs, nowMs).length;
  if (count >= crashesToMark) return { type: 'mark-bad' };
  return { type: 'restart', attempt: count, inMs: firstDelayMs * delayFactor ** Math.max(0, count - 1) };
};
