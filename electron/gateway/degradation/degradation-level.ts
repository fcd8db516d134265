import type { Tier } from '../../../shared/contract/limits.ts';
import type { QueueOutlook } from '../limits/admission-queue.ts';

/** How long a request of the tier waits before it is worse served by waiting than by a lesser answer. */
const patienceMs: Readonly<Record<Tier, number>> = { realtime: 2000, interactive: 15_000, batch: 300_000 };

/**
 * How hard the server is pressed for a request, 0 (it runs at once) and up: the fuller of the queue and of its patience.
 * At 1 the queue is full, or it would wait as long as its tier bears.
 */
export const pressureOf = ({ fill, waitMs }: QueueOutlook, tier: Tier): number =>
  Math.max(fill, waitMs / patienceMs[tier]);

/** What is given up, in this order, before a request is refused; each level does what is before it as well. */
const fromPressure = { clamp: 0.5, smaller: 0.65, cache: 0.75 } as const;
/** A level is left well below where it began, so that a queue around a threshold does not flap. */
const LEFT_AT = 0.7;

/** Levels: 0 nothing, 1 answers are clamped, 2 a smaller quantization makes them, 3 kept ones are given. */
export type DegradationLevel = 0 | 1 | 2 | 3;

/** The level after one of `before`, under this pressure. */
export const nextLevel = (before: DegradationLevel, pressure: number): DegradationLevel => {
  const holds = (level: 1 | 2 | 3, from: number): boolean =>
    pressure >= (before >= level ? from * LEFT_AT : from);
  if (holds(3, fromPressure.cache)) return 3;
  if (holds(2, fromPressure.smaller)) return 2;
  return holds(1, fromPressure.clamp) ? 1 : 0;
};
