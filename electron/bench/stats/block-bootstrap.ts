import { sampleStandardDeviation } from 'simple-statistics';
import { percentileInterval } from './percentile-interval.ts';
import { createSeededRandom } from './seeded-random.ts';

export interface BootstrapOptions {
  /** The same seed gives the same answer. */
  readonly seed?: number;
  /** At least 2. */
  readonly resamples?: number;
  /** Probability that the interval holds the true value; 0.95 unless told. */
  readonly confidence?: number;
}

export interface BootstrapEstimate {
  /** The statistic of the blocks themselves. */
  readonly value: number;
  /** Standard deviation of the statistic over the resamples. */
  readonly standardError: number;
  /** Percentile interval. */
  readonly low: number;
  readonly high: number;
}

/**
 * Bootstrap over blocks: what depends on each other (the tokens of one window, the two values of a pair) is one block,
 * and whole blocks are drawn with replacement, so that the dependence inside them stays as it is. With a block per
 * value it is the ordinary bootstrap.
 *
 * Sources: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapters 6 and 13; for blocks
 * E. Carlstein, Ann. Statist. 14 (1986) 1171–1179.
 *
 * @param blocks at least one. Where the statistic allows it, pass a summary per block (sums, counts) for its values.
 * @param statistic of drawn blocks; the array is used again for the next draw, so it must be neither kept nor changed.
 */
export const blockBootstrap = <T>(
  blocks: readonly T[],
  statistic: (drawn: readonly T[]) => number,
  { seed = 1, resamples = 2000, confidence = 0.95 }: BootstrapOptions = {},
): BootstrapEstimate => {
  const random = createSeededRandom(seed);
  const drawn = [...blocks];
  const values = Float64Array.from({ length: resamples }, () => {
    for (let index = 0; index < blocks.length; index += 1) {
      const block = blocks[Math.floor(random() * blocks.length)];
      if (block !== undefined) drawn[index] = block;
    }
    return statistic(drawn);
  });
  return {
    value: statistic(blocks),
    standardError: sampleStandardDeviation([...values]),
    ...percentileInterval(values, confidence),
  };
};
