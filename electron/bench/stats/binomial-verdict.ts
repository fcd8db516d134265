/** P(Bin(n, p) ≥ k), summed from its terms by their ratio; exact up to rounding for the n of a load stage. */
const upperTail = (k: number, n: number, p: number): number => {
  let logTerm = n * Math.log(1 - p); // P(Bin = 0)
  let below = 0;
  for (let i = 0; i < k; i += 1) {
    below += Math.exp(logTerm);
    logTerm += Math.log(((n - i) * p) / ((i + 1) * (1 - p)));
  }
  return Math.max(0, 1 - below);
};

/**
 * Whether `good` of `attempted` independent requests show that the true share of good ones is at least, or below,
 * `share`: one-sided exact binomial tests at 5 % (C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404). `pass` and
 * `fail` are shown; in between chance explains either, and more requests must decide.
 *
 * @param looks how often the growing counts are tested at most; all looks together err in 5 % (O. J. Dunn, J. Amer.
 *   Statist. Assoc. 56 (1961) 52–64, after Bonferroni).
 */
export const binomialVerdict = (
  good: number,
  attempted: number,
  share: number,
  looks = 1,
): 'pass' | 'fail' | 'undecided' => {
  if (attempted === 0) return 'undecided';
  const level = 0.05 / looks;
  if (upperTail(good, attempted, share) <= level) return 'pass';
  return 1 - upperTail(good + 1, attempted, share) <= level ? 'fail' : 'undecided';
};
