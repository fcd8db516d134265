import { describe, expect, it } from 'vitest';
import { blockBootstrap } from '../../../../electron/bench/stats/block-bootstrap.ts';
import { mcnemar } from '../../../../electron/bench/stats/mcnemar.ts';
import { outlierFlags } from '../../../../electron/bench/stats/outliers.ts';
import { pairedRounds } from '../../../../electron/bench/stats/paired-rounds.ts';
import { createSeededRandom } from '../../../../electron/bench/stats/seeded-random.ts';
import { signTest } from '../../../../electron/bench/stats/sign-test.ts';
import { wilcoxonSignedRank } from '../../../../electron/bench/stats/wilcoxon-signed-rank.ts';
import { laws, repetitions, shareOf } from '../../../support/simulate.ts';

/** Differences 1…n without ties whose positive ranks sum to `w`. */
const withW = (n: number, w: number): readonly number[] => {
  let left = w;
  return Array.from({ length: n }, (_, index) => n - index).map((rank) => {
    if (rank > left) return -rank;
    left -= rank;
    return rank;
  });
};

describe('the signed-rank test', () => {
  it.each([
    [6, 0],
    [8, 3],
    [10, 8],
    [12, 13],
    [15, 25],
    [20, 52],
    [25, 89],
  ])('meets the published critical value for n = %i at two-sided 0.05: W = %i', (n, critical) => {
    // Wilcoxon and Wilcox 1964, as in Conover 1999, A12
    expect(wilcoxonSignedRank(withW(n, critical))).toMatchObject({ w: critical, n, isExact: true });
    expect(wilcoxonSignedRank(withW(n, critical)).p).toBeLessThanOrEqual(0.05);
    expect(wilcoxonSignedRank(withW(n, critical + 1)).p).toBeGreaterThan(0.05);
  });

  it('has the exact p of differences that all point one way', () => {
    expect(wilcoxonSignedRank([1, 2, 3, 4, 5, 6]).p).toBeCloseTo(2 / 64, 12);
    expect(wilcoxonSignedRank([-1, -2, -3, -4, -5, -6])).toMatchObject({ w: 0, p: 2 / 64 });
  });

  it('leaves out zeros and stays exact with ties', () => {
    // ranks 1.5, 1.5, 3: of 8 choices of signs only the two extreme ones are as far from 3
    expect(wilcoxonSignedRank([0, 2, 2, 5])).toEqual({ w: 6, n: 3, p: 0.25, isExact: true });
    expect(wilcoxonSignedRank([0, 0])).toMatchObject({ n: 0, p: 1 });
  });

  it('corrects its normal approximation for ties and continuity', () => {
    // computed apart from this code by Lehmann's formula (3.2), with the complementary error function of C
    const differences = Array.from(
      { length: 60 },
      (_, index) => ((index % 4) + 1) * (index % 3 === 0 ? -1 : 1),
    );
    const { w, p, isExact } = wilcoxonSignedRank(differences);
    expect([w, isExact]).toEqual([1220, false]);
    expect(p).toBeCloseTo(0.0238951, 6);
  });

  it('passes over to the normal approximation without a jump', () => {
    const random = createSeededRandom(8);
    const differences = Array.from({ length: 50 }, () => laws(random).normal.draw() + 0.3);
    const [exact, wide] = [wilcoxonSignedRank(differences), wilcoxonSignedRank([...differences, 0.3])];
    expect([exact.isExact, wide.isExact]).toEqual([true, false]);
    expect(Math.abs(exact.p - wide.p)).toBeLessThan(0.01);
  });
});

describe("McNemar's test and the sign test", () => {
  it.each([
    [0, 0, 1],
    [5, 5, 1],
    [0, 5, 2 / 32],
    [1, 9, (2 * 11) / 1024],
    [2, 8, (2 * 56) / 1024],
  ])('have the exact p of %i against %i', (b, c, p) => {
    expect(mcnemar(b, c).p).toBeCloseTo(p, 12);
    expect(mcnemar(c, b)).toEqual({ discordant: b + c, p: mcnemar(b, c).p });
    const signs = [...Array<number>(b).fill(2), ...Array<number>(c).fill(-3), 0];
    expect(signTest(signs)).toEqual({ positive: b, negative: c, p: mcnemar(b, c).p });
  });

  it('hold for thousands of discordant items, where ½ⁿ is below the smallest number', () => {
    // z = (2 · 60) / √4000 = 1.897 with continuity 1.882: p = 0.0599
    expect(mcnemar(1940, 2060).p).toBeCloseTo(0.0599, 3);
    expect(mcnemar(1000, 3000).p).toBeLessThan(1e-200);
  });
});

describe('the block bootstrap', () => {
  const meanOf = (blocks: readonly { readonly sum: number; readonly n: number }[]): number => {
    let [sum, n] = [0, 0];
    for (const block of blocks) [sum, n] = [sum + block.sum, n + block.n];
    return sum / n;
  };

  it('repeats with the seed', () => {
    const blocks = [1, 2, 4, 8].map((sum) => ({ sum, n: 1 }));
    expect(blockBootstrap(blocks, meanOf, { seed: 3 })).toEqual(blockBootstrap(blocks, meanOf, { seed: 3 }));
    expect(blockBootstrap(blocks, meanOf, { seed: 3 })).not.toEqual(
      blockBootstrap(blocks, meanOf, { seed: 4 }),
    );
    expect(blockBootstrap(blocks, meanOf).value).toBe(3.75);
  });

  it('gives the standard error of the mean for blocks of one', () => {
    const values = Array.from({ length: 50 }, (_, index) => index);
    const { standardError } = blockBootstrap(
      values.map((sum) => ({ sum, n: 1 })),
      meanOf,
      { resamples: 4000 },
    );
    expect(standardError).toBeCloseTo(Math.sqrt((50 ** 2 - 1) / 12 / 50), 0.5);
  });

  it('sees the dependence within windows, which a bootstrap over values would miss', () => {
    // 40 windows of 25 values that share their window's level: the mean is as uncertain as 40 values, not 1,000
    const { normal } = laws(createSeededRandom(6));
    const windows = Array.from({ length: 40 }, () => {
      const level = normal.draw();
      return Array.from({ length: 25 }, () => level + 0.2 * normal.draw());
    });
    const sums = windows.map((own) => ({
      sum: own.reduce((total, value) => total + value, 0),
      n: own.length,
    }));
    const { standardError } = blockBootstrap(sums, meanOf);
    const singles = windows.flat().map((sum) => ({ sum, n: 1 }));
    expect(standardError).toBeGreaterThan(0.11); // 1 / √40 = 0.158
    expect(blockBootstrap(singles, meanOf, { resamples: 300 }).standardError).toBeLessThan(0.05);
  });

  it('covers the true mean in 93 to 96 % of simulations with 60 blocks', () => {
    const { normal } = laws(createSeededRandom(21));
    const held = shareOf(3000, () => {
      const blocks = Array.from({ length: 60 }, () => ({ sum: 4 * normal.draw() + 2, n: 4 }));
      const { low, high } = blockBootstrap(blocks, meanOf, { resamples: 200 });
      return low <= 0.5 && 0.5 <= high;
    });
    expect(held).toBeGreaterThanOrEqual(0.93);
    expect(held).toBeLessThanOrEqual(0.96);
  });
});

describe('rounds measured in turns', () => {
  it('find a difference that slow changes of the machine hide from the unpaired test', () => {
    const random = createSeededRandom(12);
    const machine = Array.from({ length: 10 }, (_, round) => 100 - 4 * round);
    const a = machine.map((speed) => speed * 1.02 * (1 + 0.002 * laws(random).normal.draw()));
    const rounds = pairedRounds(a, machine);
    expect(rounds?.signedRank.p).toBeLessThan(0.01);
    expect(rounds?.signs).toMatchObject({ positive: 10, negative: 0 });
    expect(rounds?.ratio.value).toBeCloseTo(1.02, 2);
    expect(rounds?.ratio.low).toBeGreaterThan(1.01);
  });

  it('use the rounds both have, and none is no comparison', () => {
    expect(pairedRounds([2, 4, 6], [1, 2])?.signedRank.n).toBe(2);
    expect(pairedRounds([], [1])).toBeNull();
  });
});

describe('outlier flags', () => {
  it('mark what is far from the rest and keep the order', () => {
    expect(outlierFlags([10, 10.1, 9.9, 10.2, 13, 10])).toEqual([false, false, false, false, true, false]);
    expect(outlierFlags([10, 10, 10, 10, 10, 10, 11])).toEqual([...Array<boolean>(6).fill(false), true]);
  });

  it('mark nothing among equal values or fewer than five', () => {
    expect(outlierFlags([10, 10, 10, 10, 10])).toEqual(Array<boolean>(5).fill(false));
    expect(outlierFlags([1, 1, 1, 900])).toEqual(Array<boolean>(4).fill(false));
  });

  it('mark few of values that differ by chance', () => {
    const random = createSeededRandom(15);
    const flagged = shareOf(400, () => outlierFlags(repetitions(random, 10, 100)).some(Boolean));
    expect(flagged).toBeLessThan(0.25);
  });
});
