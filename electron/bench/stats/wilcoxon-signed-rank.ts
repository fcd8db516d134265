import { midRanks, tieTerm } from './mid-ranks.ts';
import { normalP } from './normal-p.ts';

export interface SignedRank {
  /** Sum of the ranks of the positive differences, W⁺. */
  readonly w: number;
  /** Differences that are not zero. */
  readonly n: number;
  /** Two-sided. */
  readonly p: number;
  readonly isExact: boolean;
}

/** Up to this many differences the exact distribution is counted; it takes under 1 ms. */
const exactLimit = 50;

/** For every sum, in how many of the 2ⁿ choices of signs the positive ranks have that sum. */
const countSums = (ranks: readonly number[]): Float64Array => {
  const counts = new Float64Array(ranks.reduce((sum, rank) => sum + rank, 0) + 1);
  counts[0] = 1;
  for (const rank of ranks) {
    for (let sum = counts.length - 1; sum >= rank; sum -= 1) {
      counts[sum] = (counts[sum] ?? 0) + (counts[sum - rank] ?? 0);
    }
  }
  return counts;
};

/**
 * Wilcoxon's signed-rank test of paired differences, two-sided: exact (ties included) up to 50 differences, else the
 * normal approximation with tie and continuity correction. Differences of zero are left out.
 *
 * Source: F. Wilcoxon, Biometrics Bulletin 1 (1945) 80–83; for ties E. L. Lehmann, Nonparametrics, 1975, section 3.2.
 */
export const wilcoxonSignedRank = (differences: readonly number[]): SignedRank => {
  const moved = differences.filter((difference) => difference !== 0);
  const n = moved.length;
  if (n === 0) return { w: 0, n, p: 1, isExact: true };
  const { doubled, ties } = midRanks(moved.map((difference) => Math.abs(difference)));
  const sum = doubled.reduce((total, rank, index) => total + ((moved[index] ?? 0) > 0 ? rank : 0), 0);
  const expected = (n * (n + 1)) / 2; // mean of the doubled sum
  if (n > exactLimit) {
    const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieTerm(ties) / 48;
    return { w: sum / 2, n, p: normalP((sum - expected) / 2, Math.sqrt(variance)), isExact: false };
  }
  let asFar = 0;
  countSums(doubled).forEach((count, value) => {
    if (Math.abs(value - expected) >= Math.abs(sum - expected)) asFar += count;
  });
  return { w: sum / 2, n, p: Math.min(1, asFar / 2 ** n), isExact: true };
};
