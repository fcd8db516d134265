import { quantileSorted } from 'simple-statistics';

/**
 * The middle `confidence` of a statistic's values over resamples: the percentile bootstrap interval.
 *
 * Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
 */
export const percentileInterval = (
  values: Float64Array,
  confidence = 0.95,
): { readonly low: number; readonly high: number } => {
  const sorted = [...values.toSorted()];
  const tail = (1 - confidence) / 2;
  return { low: quantileSorted(sorted, tail), high: quantileSorted(sorted, 1 - tail) };
};
