import type { Tier } from '../../../shared/contract/limits.ts';

/**
 * How long those of a better tier that come later may overtake. A request is served by the moment it came plus this, so
 * one of `batch` that has waited two minutes goes before a `realtime` one of now: nobody starves.
 */
const overtakenMs: Readonly<Record<Tier, number>> = { realtime: 0, interactive: 10_000, batch: 120_000 };

/** The rank of a waiting request, on the monotonic clock: the smallest goes first. */
export const rankMs = (tier: Tier, enteredMs: number): number => enteredMs + overtakenMs[tier];

/** The tenth of the queue that `batch` leaves to the others; what does not fit below it is shed. */
const BATCH_SHARE = 0.9;

/** Requests of the tier that find room while `waitLimit` may wait in all. */
export const placesFor = (tier: Tier, waitLimit: number): number =>
  tier === 'batch' ? Math.floor(waitLimit * BATCH_SHARE) : waitLimit;
