/** What is known of a full queue, for an honest answer to "when shall I come back?". */
export interface QueueLoad {
  /** Mean time a request holds its slot, milliseconds. */
  readonly meanServiceMs: number;
  /** When each running request began, on the monotonic clock. */
  readonly runningSinceMs: readonly number[];
  readonly waiting: number;
}

/**
 * When the `nth` place from now (1 = the next) falls free: every request that ends lets one who waits run, and so makes
 * room for one more to wait. A request that runs longer than the mean is given a whole mean more, for nothing is known
 * of its end. Past all that is in the house the answer stays that of the last one to end.
 */
export const nthPlaceAtMs = (load: QueueLoad, nowMs: number, nth: number): number => {
  const { meanServiceMs } = load;
  const ends = load.runningSinceMs
    .map((sinceMs) => (sinceMs + meanServiceMs > nowMs ? sinceMs + meanServiceMs : nowMs + meanServiceMs))
    .sort((left, right) => left - right);
  if (ends.length === 0) return nowMs + meanServiceMs;
  // Ends stay sorted: each successor ends a mean later, which is never before the last of those that run now.
  const last = Math.min(nth, ends.length + load.waiting) - 1;
  for (let at = 0; ends.length <= last; at += 1) ends.push((ends[at] ?? nowMs) + meanServiceMs);
  return ends[last] ?? nowMs + meanServiceMs;
};
