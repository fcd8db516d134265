/** ln of n over k, as a sum of k logarithms: exact to rounding also where the coefficient itself overflows. */
const lnChoose = (n: number, k: number): number => {
  let sum = 0;
  for (let index = 0; index < k; index += 1) sum += Math.log((n - index) / (index + 1));
  return sum;
};

/** P(Bin(n, ½) = k). */
export const fairProbability = (n: number, k: number): number =>
  k < 0 || k > n ? 0 : Math.exp(lnChoose(n, Math.min(k, n - k)) - n * Math.LN2);

/**
 * Two-sided exact p of seeing `count` or something at least as uneven in n tosses of a fair coin: twice the smaller
 * tail, at most 1. The law behind the sign test and McNemar's test. 1 for no toss at all.
 */
export const fairCoinP = (n: number, count: number): number => {
  const extreme = Math.min(count, n - count);
  let tail = 0;
  // from the largest term down: each is the one above times k / (n − k + 1)
  for (let k = extreme, term = fairProbability(n, extreme); k >= 0 && term > 0; k -= 1) {
    tail += term;
    term *= k / (n - k + 1);
  }
  return Math.min(1, 2 * tail);
};
