import type { BootstrapOptions } from './block-bootstrap.ts';
import { percentileInterval } from './percentile-interval.ts';
import { createSeededRandom } from './seeded-random.ts';

interface WithInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface MedianDifference {
  readonly medians: { readonly a: number; readonly b: number };
  /** Median of a minus median of b, in the values' unit. */
  readonly difference: WithInterval;
  /** Median of a over median of b. */
  readonly ratio: WithInterval;
}

const medianOfSorted = (sorted: Float64Array): number => {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
};

/** Draws as many values with replacement as there are. `into` is used again: it saves 8,000 arrays per comparison. */
const resampledMedian = (values: Float64Array, into: Float64Array, random: () => number): number => {
  for (let index = 0; index < into.length; index += 1) {
    into[index] = values[Math.floor(random() * values.length)] ?? NaN;
  }
  return medianOfSorted(into.sort());
};

/** Fewer repetitions in an arm leave the interval too short. */
const fewRepetitions = 5;

/**
 * The confidence at which percentiles are taken so that the interval holds `confidence`. Of medians the percentile interval
 * holds 96 to 97 % where 95 % are asked for, whatever the shape of the values, and only 92 % for four of them: simulated with
 * 2,000 pairs of samples of normal, exponential and lognormal values at n 4 to 30 (perf/median-coverage.ts).
 *
 * Source: W.-Y. Loh, Calibrating Confidence Coefficients, J. Amer. Statist. Assoc. 82 (1987) 155–162.
 */
const calibrated = (confidence: number, n: number): number =>
  1 - (1 - confidence) * (n < fewRepetitions ? 0.5 : 1.3);

/**
 * Difference and ratio of the medians of two independent samples of positive values, with calibrated percentile
 * bootstrap intervals. Of the bootstrap's forms the percentile one is taken because it is the one that is known to hold its level
 * for medians of few values, also with ties.
 *
 * Sources: R. R. Wilcox, Introduction to Robust Estimation and Hypothesis Testing, 3rd ed. 2012, section 5.4; B. Efron
 * and R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
 */
export const medianDifference = (
  a: readonly number[],
  b: readonly number[],
  { seed = 1, resamples = 4000, confidence = 0.95 }: BootstrapOptions = {},
): MedianDifference => {
  const random = createSeededRandom(seed);
  const [left, right] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  const [leftDraw, rightDraw] = [left.slice(), right.slice()];
  const differences = new Float64Array(resamples);
  const ratios = new Float64Array(resamples);
  for (let index = 0; index < resamples; index += 1) {
    const one = resampledMedian(left, leftDraw, random);
    const other = resampledMedian(right, rightDraw, random);
    differences[index] = one - other;
    ratios[index] = one / other;
  }
  const [one, other] = [medianOfSorted(left), medianOfSorted(right)];
  const level = calibrated(confidence, Math.min(left.length, right.length));
  return {
    medians: { a: one, b: other },
    difference: { value: one - other, ...percentileInterval(differences, level) },
    ratio: { value: one / other, ...percentileInterval(ratios, level) },
  };
};
