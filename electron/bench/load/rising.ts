import { linearRegression, linearRegressionLine, max, mean, min, sum } from 'simple-statistics';

export interface TimedValue {
  readonly atMs: number;
  readonly value: number;
}

const minValues = 20;
/** Two-sided 95 % quantile of Student's t at 18 degrees of freedom; smaller for more, so the test errs to "steady". */
const tQuantile = 2.101;
/** A rise that is real but small is no queue that runs away. */
const relevantRise = 0.5;

/**
 * Whether values rise over time more than chance allows and enough to matter: the 95 % interval of the least-squares slope
 * lies above zero (Draper and Smith, Applied Regression Analysis, 1998, section 1.4), and the line climbs by over half of
 * the mean. GuideLLM watches the same slopes for its over-saturation stop.
 *
 * @returns `false` for fewer than 20 values
 */
export const isRising = (values: readonly TimedValue[]): boolean => {
  const n = values.length;
  if (n < minValues) return false;
  const startMs = min(values.map(({ atMs }) => atMs));
  const points = values.map(({ atMs, value }) => [(atMs - startMs) / 1000, value]);
  const fit = linearRegression(points);
  const line = linearRegressionLine(fit);
  const meanX = mean(points.map(([x = 0]) => x));
  const spreadX = sum(points.map(([x = 0]) => (x - meanX) ** 2));
  if (spreadX === 0) return false;
  const residual = sum(points.map(([x = 0, y = 0]) => (y - line(x)) ** 2));
  const standardError = Math.sqrt(residual / (n - 2) / spreadX);
  const spanSeconds = max(points.map(([x = 0]) => x));
  const average = mean(points.map(([, y = 0]) => y));
  return fit.m - tQuantile * standardError > 0 && fit.m * spanSeconds > relevantRise * average;
};
