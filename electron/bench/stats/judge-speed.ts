import { median } from 'simple-statistics';
import { mannWhitney } from './mann-whitney.ts';
import { ratioInterval } from './ratio-interval.ts';

/** Below this many repetitions per arm no test can tell two arms apart: at 3 and 3 the smallest two-sided p is 0.1. */
const minRepetitions = 4;
const significance = 0.05;

export interface SpeedJudgement {
  /** Median of a over median of b. */
  readonly ratio: number;
  /** 95 % CI of the ratio; `null` with too few repetitions to judge. */
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: 'faster' | 'slower' | 'not-distinguishable';
}

/** Whether there are enough repetitions (4 per arm) for any verdict. */
export const isJudgeable = (a: readonly number[], b: readonly number[]): boolean =>
  Math.min(a.length, b.length) >= minRepetitions;

/**
 * Whether arm a is faster than arm b, from one speed (larger is better) per repetition. A difference is claimed only
 * when the bootstrap CI of the ratio excludes 1 and the two-sided Mann–Whitney test gives p < 0.05.
 */
export const judgeSpeed = (a: readonly number[], b: readonly number[], seed = 1): SpeedJudgement | null => {
  if (a.length === 0 || b.length === 0) return null;
  if (!isJudgeable(a, b)) {
    return { ratio: median([...a]) / median([...b]), low: null, high: null, verdict: 'not-distinguishable' };
  }
  const interval = ratioInterval(a, b, { seed });
  const isDifferent = (interval.low > 1 || interval.high < 1) && mannWhitney(a, b).p < significance;
  const verdict = !isDifferent ? 'not-distinguishable' : interval.ratio > 1 ? 'faster' : 'slower';
  return { ...interval, verdict };
};
