import { AppError } from '../../../shared/errors/app-error.ts';

export interface MidRanks {
  /** Twice the mid-rank of every value, in the order given: whole numbers also where values tie. */
  readonly doubled: readonly number[];
  /** Sizes of the groups of equal values, singles included. */
  readonly ties: readonly number[];
}

/**
 * Ranks from 1 in ascending order; equal values share the mean of their ranks.
 *
 * Source: M. G. Kendall, The Treatment of Ties in Ranking Problems, Biometrika 33 (1945) 239–251.
 *
 * @throws AppError `app.internal` for NaN, which is neither above nor below nor equal to anything
 */
export const midRanks = (values: readonly number[]): MidRanks => {
  if (values.some(Number.isNaN)) throw new AppError('app.internal', 'A value that is no number has no rank.');
  const order = values.map((value, index) => ({ value, index })).sort((x, y) => x.value - y.value);
  const doubled = new Array<number>(values.length).fill(0);
  const ties: number[] = [];
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && order[end]?.value === order[start]?.value) end += 1;
    for (const { index } of order.slice(start, end)) doubled[index] = start + end + 1;
    ties.push(end - start);
    start = end;
  }
  return { doubled, ties };
};

/**
 * Σ (t³ − t) over groups of t equal values: how far ties shrink the variance of a rank sum.
 *
 * Source: E. L. Lehmann, Nonparametrics: Statistical Methods Based on Ranks, 1975, section 1.4.
 */
export const tieTerm = (ties: readonly number[]): number =>
  ties.reduce((sum, size) => sum + (size ** 3 - size), 0);
