import { errorFunction } from 'simple-statistics';

export interface MannWhitney {
  /** Pairs (x of a, y of b) with x > y, ties counted half. */
  readonly u: number;
  /** Two-sided. */
  readonly p: number;
  readonly isExact: boolean;
}

/** Up to this many values together the exact distribution is counted; it takes under 10 ms. */
const exactLimit = 40;

/** Twice the mid-rank of every value, so that ties stay whole numbers; and the sizes of the groups of ties. */
const doubledRanks = (values: readonly number[]) => {
  const order = values.map((value, index) => ({ value, index })).sort((x, y) => x.value - y.value);
  const ranks = new Array<number>(values.length).fill(0);
  const ties: number[] = [];
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && order[end]?.value === order[start]?.value) end += 1;
    for (const { index } of order.slice(start, end)) ranks[index] = start + end + 1;
    ties.push(end - start);
    start = end;
  }
  return { ranks, ties };
};

/** For every sum, how many ways there are to draw `size` of the ranks with that sum. */
const countSums = (ranks: readonly number[], size: number): Float64Array => {
  const width = ranks.reduce((sum, rank) => sum + rank, 0) + 1;
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(width));
  ways[0]?.fill(1, 0, 1);
  for (const rank of ranks) {
    for (let drawn = size; drawn >= 1; drawn -= 1) {
      const into = ways[drawn];
      const from = ways[drawn - 1];
      if (into === undefined || from === undefined) continue;
      for (let sum = width - 1; sum >= rank; sum -= 1) into[sum] = (into[sum] ?? 0) + (from[sum - rank] ?? 0);
    }
  }
  return ways[size] ?? new Float64Array(0);
};

const exactP = (ranks: readonly number[], size: number, observed: number): number => {
  const expected = (size * (ranks.length + 1) * 2) / 2; // mean of the doubled rank sum
  const counts = countSums(ranks, size);
  let all = 0;
  let asFar = 0;
  counts.forEach((count, sum) => {
    all += count;
    if (Math.abs(sum - expected) >= Math.abs(observed - expected)) asFar += count;
  });
  return Math.min(1, asFar / all);
};

const normalP = (u: number, sizeA: number, sizeB: number, ties: readonly number[]): number => {
  const n = sizeA + sizeB;
  const tieTerm = ties.reduce((sum, size) => sum + (size ** 3 - size), 0) / (n * (n - 1));
  const deviation = Math.sqrt(((sizeA * sizeB) / 12) * (n + 1 - tieTerm));
  if (deviation === 0) return 1;
  const z = Math.max(0, Math.abs(u - (sizeA * sizeB) / 2) - 0.5) / deviation;
  return 1 - errorFunction(z / Math.SQRT2);
};

/**
 * Mann–Whitney U test of two independent samples, two-sided: exact permutation distribution of the mid-ranks up to 40
 * values in all (ties included), else the normal approximation with tie and continuity correction.
 *
 * Sources: H. B. Mann and D. R. Whitney, Ann. Math. Statist. 18 (1947) 50–60; for ties E. L. Lehmann, Nonparametrics,
 * 1975, section 1.4.
 */
export const mannWhitney = (a: readonly number[], b: readonly number[]): MannWhitney => {
  const { ranks, ties } = doubledRanks([...a, ...b]);
  const observed = ranks.slice(0, a.length).reduce((sum, rank) => sum + rank, 0);
  const u = observed / 2 - (a.length * (a.length + 1)) / 2;
  const isExact = ranks.length <= exactLimit;
  const p = isExact ? exactP(ranks, a.length, observed) : normalP(u, a.length, b.length, ties);
  return { u, p, isExact };
};
