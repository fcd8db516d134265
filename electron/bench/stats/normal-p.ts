import { errorFunction } from 'simple-statistics';

/** Two-sided p of a statistic that is `distance` from its mean, by the normal law with continuity correction of ½. */
export const normalP = (distance: number, deviation: number): number =>
  deviation === 0 ? 1 : 1 - errorFunction(Math.max(0, Math.abs(distance) - 0.5) / deviation / Math.SQRT2);
