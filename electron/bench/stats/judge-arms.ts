import { lookLevels } from './alpha-spending.ts';
import { mannWhitney } from './mann-whitney.ts';
import { medianDifference, type MedianDifference } from './median-difference.ts';

/** Below this many repetitions per arm no test can tell two arms apart: at 3 and 3 the smallest two-sided p is 0.1. */
export const minRepetitions = 4;
const alpha = 0.05;

/** One look at the data of a comparison: at `n` repetitions per arm, tested at `level`. */
export interface Look {
  readonly n: number;
  readonly level: number;
}

/** First look of "run until decided": where the median gets its interval, after whole forward-backward turns. */
const firstLook = 6;
const growth = 1.2;

/**
 * When to look while repetitions come in: at 6, 8, 10, 12, 16, 20 … of at most `cap` per arm, always at even numbers so
 * that the order of the arms is balanced; with levels that keep the error rate of all looks together at 5 %.
 */
export const planLooks = (cap: number): readonly Look[] => {
  const sizes: number[] = [];
  for (let n = firstLook; n < cap; n = 2 * Math.ceil((n * growth) / 2)) sizes.push(n);
  sizes.push(cap);
  const levels = lookLevels(sizes.map((n) => n / cap));
  return sizes.map((n, index) => ({ n, level: levels[index] ?? 0 }));
};

export interface JudgeRules {
  /** Whether larger values are better. */
  readonly isHigherBetter: boolean;
  /** Relative difference that equal arms show on this machine; `null` when none was measured. */
  readonly floor: number | null;
  /** Looks of a run until decided; absent: the one look at all values. */
  readonly looks?: readonly Look[];
  /** Differences under this share are not worth more repetitions. Only with `looks`. */
  readonly smallestDifference?: number;
  readonly seed?: number;
  /** Of the bootstrap. */
  readonly resamples?: number;
}

/** Why a verdict is what it is. */
export type JudgeReason = 'difference' | 'overlap' | 'below-floor' | 'equal' | 'too-few';

export interface ArmJudgement {
  /** Of the candidate. */
  readonly verdict: 'better' | 'worse' | 'not-distinguishable';
  readonly reason: JudgeReason;
  /** Candidate against base, from the values the verdict rests on. */
  readonly medians: MedianDifference;
  /** Probability the intervals hold at: 0.95, or 1 − level of the look. */
  readonly confidence: number;
  /** Two-sided, Mann–Whitney U; `null` with too few repetitions. */
  readonly p: number | null;
  /** What p was held against. */
  readonly level: number;
  /** Repetitions of candidate and base the verdict rests on. */
  readonly n: readonly [number, number];
  /** False while more repetitions could change the verdict. */
  readonly isFinal: boolean;
}

/** How far a ratio is from 1, the same for a ratio and its inverse: 0.1 for 1.1 and for 1 / 1.1. */
const apart = (ratio: number): number => Math.max(ratio, 1 / ratio) - 1;

const judgeAt = (
  candidate: readonly number[],
  base: readonly number[],
  { isHigherBetter, floor, smallestDifference, ...bootstrap }: JudgeRules,
  { level, isLast }: { readonly level: number; readonly isLast: boolean },
): ArmJudgement => {
  const { p } = mannWhitney(candidate, base);
  const confidence = 1 - level;
  const medians = medianDifference(candidate, base, { ...bootstrap, confidence });
  const { value, low, high } = medians.ratio;
  const margin = Math.max(floor ?? 0, smallestDifference ?? 0);
  const common = { medians, confidence, p, level, n: [candidate.length, base.length] as const };
  const isDifferent = p <= level && (low > 1 || high < 1);
  if (isDifferent && apart(value) > (floor ?? 0)) {
    const verdict = value > 1 === isHigherBetter ? 'better' : 'worse';
    return { ...common, verdict, reason: 'difference', isFinal: true };
  }
  const isEqual = margin > 0 && apart(low) < margin && apart(high) < margin;
  return {
    ...common,
    verdict: 'not-distinguishable',
    reason: isDifferent ? 'below-floor' : isEqual ? 'equal' : 'overlap',
    isFinal: isLast || isEqual,
  };
};

/**
 * Whether the candidate is better or worse than the base, from one value per repetition. A difference is claimed only
 * when the Mann–Whitney test rejects at the look's level, the bootstrap interval of the ratio at one minus that level
 * excludes 1, and the difference is beyond the machine's noise floor. Of several looks the first that settles the matter
 * stands: what was measured later for another metric does not change it.
 *
 * The intervals at one minus the look's level are repeated confidence intervals: C. Jennison and B. W. Turnbull,
 * J. R. Statist. Soc. B 51 (1989) 305–361.
 *
 * @returns `null` when an arm has no values.
 */
export const judgeArms = (
  candidate: readonly number[],
  base: readonly number[],
  rules: JudgeRules,
): ArmJudgement | null => {
  const n = Math.min(candidate.length, base.length);
  if (n === 0) return null;
  const reached = (rules.looks ?? []).filter((look) => look.n <= n);
  for (const [index, { n: size, level }] of reached.entries()) {
    const isLast = rules.looks?.length === index + 1;
    const judgement = judgeAt(candidate.slice(0, size), base.slice(0, size), rules, { level, isLast });
    if (judgement.isFinal || index === reached.length - 1) return judgement;
  }
  if (n >= minRepetitions && rules.looks === undefined) {
    return judgeAt(candidate, base, rules, { level: alpha, isLast: true });
  }
  return {
    verdict: 'not-distinguishable',
    reason: 'too-few',
    medians: medianDifference(candidate, base, rules),
    confidence: 1 - alpha,
    p: null,
    level: rules.looks?.[0]?.level ?? alpha,
    n: [candidate.length, base.length],
    isFinal: false,
  };
};
