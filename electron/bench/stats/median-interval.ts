export interface MedianInterval {
  readonly low: number;
  readonly high: number;
  /** Probability that the interval holds the true median, at least the level asked for. */
  readonly coverage: number;
}

/**
 * Distribution-free confidence interval of the median from order statistics: the k-th smallest and the k-th largest
 * value, with the largest k for which 2·P(Bin(n, ½) < k) ≤ 1 − level.
 *
 * Source: H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1; W. J. Conover, Practical
 * Nonparametric Statistics, 3rd ed. 1999, section 3.2.
 *
 * @returns `null` when no such interval exists, which at 95 % is the case for n < 6.
 */
export const medianInterval = (values: readonly number[], level = 0.95): MedianInterval | null => {
  const n = values.length;
  const sorted = [...values].sort((a, b) => a - b);
  let probability = 0.5 ** n; // P(Bin(n, ½) = k)
  let tail = 0; // P(Bin(n, ½) < k)
  let k = 0;
  while (k < n && 2 * (tail + probability) <= 1 - level) {
    tail += probability;
    probability *= (n - k) / (k + 1);
    k += 1;
  }
  const low = sorted[k - 1];
  const high = sorted[n - k];
  return low === undefined || high === undefined ? null : { low, high, coverage: 1 - 2 * tail };
};
