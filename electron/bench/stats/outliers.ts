import { mean, median, medianAbsoluteDeviation } from 'simple-statistics';

/** Fewer values say nothing about which of them is odd. */
const minCount = 5;
const limit = 3.5;

/**
 * Whether each value is an outlier: its modified z-score, 0.6745·(x − median) / MAD, is beyond 3.5. A flag for the
 * reader's eye; nothing is ever left out for it. Where more than half of the values are equal (MAD = 0) the mean
 * absolute deviation takes its place.
 *
 * Source: B. Iglewicz and D. C. Hoaglin, How to Detect and Handle Outliers, ASQC 1993.
 */
export const outlierFlags = (values: readonly number[]): readonly boolean[] => {
  if (values.length < minCount) return values.map(() => false);
  const centre = median([...values]);
  const spread =
    medianAbsoluteDeviation([...values]) / 0.6745 ||
    mean(values.map((value) => Math.abs(value - centre))) * Math.sqrt(Math.PI / 2);
  return values.map((value) => spread > 0 && Math.abs(value - centre) / spread > limit);
};
