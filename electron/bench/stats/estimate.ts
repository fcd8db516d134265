import { max, mean, median, min, sampleStandardDeviation } from 'simple-statistics';
import type { Estimate } from '../../../shared/contract/common.ts';
import { medianInterval } from './median-interval.ts';

/**
 * A headline figure over repetitions: median, its 95 % CI where n allows one (n ≥ 6), range, and
 * the coefficient of variation (sample standard deviation over mean, n ≥ 2).
 *
 * Source: of the coefficient of variation K. Pearson, Phil. Trans. R. Soc. A 187 (1896) 253–318; of the interval see
 * `medianInterval`.
 *
 * @param values one per repetition, in any unit. @returns `undefined` for none.
 */
export const estimateOf = (values: readonly number[]): Estimate | undefined => {
  if (values.length === 0) return undefined;
  const list = [...values];
  const interval = medianInterval(list);
  const centre = mean(list);
  return {
    median: median(list),
    ciLow: interval?.low ?? null,
    ciHigh: interval?.high ?? null,
    min: min(list),
    max: max(list),
    cv: list.length < 2 || centre === 0 ? null : sampleStandardDeviation(list) / Math.abs(centre),
    n: list.length,
  };
};
