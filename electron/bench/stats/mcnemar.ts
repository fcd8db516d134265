import { fairCoinP } from './fair-binomial.ts';

export interface McNemar {
  /** Items on which exactly one of the two was right. */
  readonly discordant: number;
  /** Two-sided exact p. */
  readonly p: number;
}

/**
 * McNemar's test of two judges of the same items, exact: given the discordant items, each side wins a fair coin's share
 * of them when both are equally good. Concordant items carry no information.
 *
 * Source: Q. McNemar, Psychometrika 12 (1947) 153–157; the exact form A. Agresti, Categorical Data Analysis, 2nd ed.
 * 2002, section 10.1.
 *
 * @param b items only the first got right. @param c items only the second got right.
 */
export const mcnemar = (b: number, c: number): McNemar => ({ discordant: b + c, p: fairCoinP(b + c, b) });
