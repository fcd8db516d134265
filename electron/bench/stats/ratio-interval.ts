import { medianSorted, quantileSorted } from 'simple-statistics';
import { createSeededRandom } from './seeded-random.ts';

export interface RatioInterval {
  readonly ratio: number;
  /** Bounds of the 95 % percentile-bootstrap interval. */
  readonly low: number;
  readonly high: number;
}

const resampleMedian = (values: Float64Array, random: () => number): number => {
  const drawn = new Float64Array(values.length);
  for (let index = 0; index < drawn.length; index += 1) {
    drawn[index] = values[Math.floor(random() * values.length)] ?? 0;
  }
  return medianSorted([...drawn.sort()]);
};

/**
 * Ratio of the medians of two independent samples of positive values, with a percentile-bootstrap 95 % CI. The same
 * seed gives the same interval.
 *
 * Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
 */
export const ratioInterval = (
  a: readonly number[],
  b: readonly number[],
  { seed = 1, resamples = 4000 }: { readonly seed?: number; readonly resamples?: number } = {},
): RatioInterval => {
  const random = createSeededRandom(seed);
  const arms = [Float64Array.from(a).sort(), Float64Array.from(b).sort()] as const;
  const ratios = new Float64Array(resamples);
  for (let index = 0; index < resamples; index += 1) {
    ratios[index] = resampleMedian(arms[0], random) / resampleMedian(arms[1], random);
  }
  const sorted = [...ratios.sort()];
  return {
    ratio: medianSorted([...arms[0]]) / medianSorted([...arms[1]]),
    low: quantileSorted(sorted, 0.025),
    high: quantileSorted(sorted, 0.975),
  };
};
