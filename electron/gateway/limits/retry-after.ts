/** What is known of a full queue, for an honest answer to "when shall I come back?". */
export interface QueueLoad {
  /** Mean time a request holds its slot, milliseconds. */
  readonly meanServiceMs: number;
  /** When each running request began, on the monotonic clock. */
  readonly runningSinceMs: readonly number[];
  readonly waiting: number;
}

const MOST_ROUNDS = 4;

/** Places ahead of which a refused client is told a later moment than those before it. */
export const tellablePlaces = ({ runningSinceMs, waiting }: QueueLoad): number =>
  MOST_ROUNDS * Math.max(1, runningSinceMs.length + waiting);

/**
 * When the `nth` place from now (1 = the next) falls free: every request that ends lets one who waits run, and so makes
 * room for one more to wait. A request that runs longer than the mean is given a whole mean more, for nothing is known
 * of its end. Who comes back as told keeps the house full, so places go on falling free at the same pace;
 * past four times all that is in the house the answer stays the same, or a flood of refused requests would send everyone
 * else away for hours.
 */
export const nthPlaceAtMs = (load: QueueLoad, nowMs: number, nth: number): number => {
  const { meanServiceMs } = load;
  const ends = load.runningSinceMs
    .map((sinceMs) => (sinceMs + meanServiceMs > nowMs ? sinceMs + meanServiceMs : nowMs + meanServiceMs))
    .sort((left, right) => left - right);
  if (ends.length === 0) return nowMs + meanServiceMs;
  // Ends stay sorted: each successor ends a mean later, which is never before the last of those that run now.
  const last = Math.min(nth, tellablePlaces(load)) - 1;
  for (let at = 0; ends.length <= last; at += 1) ends.push((ends[at] ?? nowMs) + meanServiceMs);
  return ends[last] ?? nowMs + meanServiceMs;
};
