import { fairCoinP } from './fair-binomial.ts';

export interface SignTest {
  readonly positive: number;
  readonly negative: number;
  /** Two-sided exact p. */
  readonly p: number;
}

/**
 * Sign test of paired differences, exact and two-sided; differences of zero are left out. Asks only which side was
 * ahead in each pair, so nothing is assumed about the differences' distribution.
 *
 * Source: W. J. Dixon and A. M. Mood, J. Amer. Statist. Assoc. 41 (1946) 557–566; W. J. Conover, Practical
 * Nonparametric Statistics, 3rd ed. 1999, section 3.4.
 */
export const signTest = (differences: readonly number[]): SignTest => {
  const positive = differences.filter((difference) => difference > 0).length;
  const negative = differences.filter((difference) => difference < 0).length;
  return { positive, negative, p: fairCoinP(positive + negative, positive) };
};
