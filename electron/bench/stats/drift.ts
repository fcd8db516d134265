import { linearRegression } from 'simple-statistics';

/**
 * Change from the first to the last repetition along the least-squares line through all of them, relative to its
 * start: 0.03 = 3 % up. The line, not the two end values, so that one noisy repetition is not taken for a drift.
 *
 * Source: N. R. Draper and H. Smith, Applied Regression Analysis, 1966, chapter 1 (least squares).
 *
 * @returns `null` for fewer than 3 values; −1 where the line falls to zero or below.
 */
export const driftOf = (values: readonly number[]): number | null => {
  if (values.length < 3) return null;
  const { m: slope, b: start } = linearRegression(values.map((value, index) => [index, value]));
  return start > 0 ? Math.max(-1, (slope * (values.length - 1)) / start) : null;
};
