/** A share of successes with its 95 % interval. */
export interface Proportion {
  readonly correct: number;
  readonly n: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** The 0.975 quantile of the standard normal distribution. */
const z = 1.959_963_984_540_054;

/**
 * Wilson's score interval of a binomial share: inside [0, 1] and of fair coverage for shares near 0 and 1 and small n,
 * where the normal interval fails. For n = 0 the share is not a number's to know: 0 with the interval [0, 1].
 *
 * Sources: E. B. Wilson, JASA 22 (1927) 209–212; L. D. Brown, T. T. Cai and A. DasGupta, Statist. Sci. 16 (2001)
 * 101–133.
 */
export const wilsonInterval = (correct: number, n: number): Proportion => {
  if (n === 0) return { correct, n, share: 0, low: 0, high: 1 };
  const share = correct / n;
  const scale = 1 + z ** 2 / n;
  const middle = (share + z ** 2 / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return { correct, n, share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
};
