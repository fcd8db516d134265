import { linearRegression, mean } from 'simple-statistics';

/**
 * Change from the first to the last repetition, relative to the mean, along the least-squares line through all of
 * them: 0.03 = 3 % up. The line, not the two end values, so that one noisy repetition is not taken for a drift.
 *
 * @returns `null` for fewer than 3 values.
 */
export const driftOf = (values: readonly number[]): number | null => {
  const centre = values.length < 3 ? 0 : mean([...values]);
  if (centre === 0) return null;
  const { m: slope } = linearRegression(values.map((value, index) => [index, value]));
  return (slope * (values.length - 1)) / centre;
};
