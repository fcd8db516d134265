import { describe, expect, it } from 'vitest';
import { driftOf } from '../../../../electron/bench/stats/drift.ts';
import { judgeSpeed } from '../../../../electron/bench/stats/judge-speed.ts';
import { mannWhitney } from '../../../../electron/bench/stats/mann-whitney.ts';
import { ratioInterval } from '../../../../electron/bench/stats/ratio-interval.ts';
import { createSeededRandom } from '../../../../electron/bench/stats/seeded-random.ts';

const normal = (random: () => number) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const draw = (n: number, random: () => number, mean: number) =>
  Array.from({ length: n }, () => mean * (1 + 0.02 * normal(random)));

describe('the Mann–Whitney test', () => {
  // two-sided exact p of complete separation: 2 / C(n + m, n)
  it.each([
    [3, 3, 0.1],
    [4, 4, 2 / 70],
    [5, 5, 2 / 252],
    [5, 8, 2 / 1287],
  ])('of %i against %i separated values has the exact p', (n, m, p) => {
    const low = Array.from({ length: n }, (_, index) => index);
    const high = Array.from({ length: m }, (_, index) => 100 + index);
    expect(mannWhitney(low, high)).toMatchObject({ u: 0, isExact: true });
    expect(mannWhitney(low, high).p).toBeCloseTo(p, 12);
    expect(mannWhitney(high, low)).toMatchObject({ u: n * m });
    expect(mannWhitney(high, low).p).toBeCloseTo(p, 12);
  });

  it('meets the critical values of the published table for n = m = 5 and 8', () => {
    // critical U at two-sided 0.05: 2 for (5, 5), 13 for (8, 8); one more is not significant
    const withU = (n: number, u: number) => {
      const b = Array.from({ length: n }, (_, index) => index + 1);
      // u values of b lie below one value of a after another, all others above
      const a = Array.from({ length: n }, (_, index) => {
        const below = Math.min(n, Math.max(0, u - index * n));
        return below + 0.5 + index * 1e-6;
      });
      return mannWhitney(a, b);
    };
    expect(withU(5, 2)).toMatchObject({ u: 2 });
    expect(withU(5, 2).p).toBeLessThan(0.05);
    expect(withU(5, 3).p).toBeGreaterThan(0.05);
    expect(withU(8, 13)).toMatchObject({ u: 13 });
    expect(withU(8, 13).p).toBeLessThan(0.05);
    expect(withU(8, 14).p).toBeGreaterThan(0.05);
  });

  it('counts ties half and stays exact with them', () => {
    expect(mannWhitney([1, 2, 2], [2, 3, 3])).toEqual({ u: 1, p: 0.3, isExact: true });
    expect(mannWhitney([5, 5, 5, 5], [5, 5, 5, 5])).toMatchObject({ u: 8, p: 1 });
  });

  it('passes over to the normal approximation without a jump', () => {
    const random = createSeededRandom(3);
    const a = draw(20, random, 100);
    const b = draw(20, random, 101.2);
    const exact = mannWhitney(a, b);
    const wide = mannWhitney([...a, 100.4], b);
    expect([exact.isExact, wide.isExact]).toEqual([true, false]);
    expect(Math.abs(exact.p - wide.p)).toBeLessThan(0.03);
  });
});

describe('the ratio of medians', () => {
  it('repeats with the seed and scales with the values', () => {
    const a = [10, 11, 12, 13, 14];
    const b = [5, 5.5, 6, 6.5, 7];
    const first = ratioInterval(a, b, { seed: 4 });
    expect(first).toEqual(ratioInterval(a, b, { seed: 4 }));
    expect(first.ratio).toBe(2);
    expect(first.low).toBeLessThan(2);
    expect(first.high).toBeGreaterThan(2);
    expect(ratioInterval([20, 22, 24, 26, 28], b, { seed: 4 }).low).toBeCloseTo(first.low * 2, 12);
  });

  it('holds the true ratio in at least 9 of 10 simulations with 8 repetitions', () => {
    const random = createSeededRandom(11);
    let held = 0;
    for (let trial = 0; trial < 400; trial += 1) {
      const { low, high } = ratioInterval(draw(8, random, 150), draw(8, random, 100), { resamples: 500 });
      if (low <= 1.5 && 1.5 <= high) held += 1;
    }
    expect(held / 400).toBeGreaterThan(0.9);
  });
});

describe('the verdict on speed', () => {
  it('claims a clear difference in both directions', () => {
    expect(judgeSpeed([60, 61, 62, 61], [30, 31, 30, 31])?.verdict).toBe('faster');
    expect(judgeSpeed([30, 31, 30, 31], [60, 61, 62, 61])?.verdict).toBe('slower');
  });

  it('claims nothing from three repetitions, however far apart', () => {
    expect(judgeSpeed([60, 61, 62], [30, 31, 30])).toEqual({
      ratio: 61 / 30,
      low: null,
      high: null,
      verdict: 'not-distinguishable',
    });
  });

  it('claims nothing where the arms overlap', () => {
    expect(judgeSpeed([60, 61, 59, 62, 60], [60.5, 59.5, 61.5, 60, 61])?.verdict).toBe('not-distinguishable');
  });

  it('has no opinion on an arm without values', () => {
    expect(judgeSpeed([], [1, 2, 3, 4])).toBeNull();
  });

  it.each([4, 5, 8])('finds a difference between equal arms of %i in at most 5 of 100 comparisons', (n) => {
    const random = createSeededRandom(100 + n);
    let claims = 0;
    const trials = 1000;
    for (let trial = 0; trial < trials; trial += 1) {
      const a = draw(n, random, 100);
      const b = draw(n, random, 100);
      // the bootstrap can only withdraw a claim, so it is asked only where the test makes one
      if (mannWhitney(a, b).p < 0.05 && judgeSpeed(a, b)?.verdict !== 'not-distinguishable') claims += 1;
    }
    expect(claims / trials).toBeLessThanOrEqual(0.05);
  });
});

describe('drift', () => {
  it('is the relative change along the fitted line', () => {
    expect(driftOf([100, 101, 102])).toBeCloseTo(2 / 100, 12);
    expect(driftOf([102, 101, 100])).toBeCloseTo(-2 / 102, 12);
  });

  it('does not take one noisy end for a trend and needs three values', () => {
    expect(Math.abs(driftOf([100, 100, 100, 100, 104]) ?? 1)).toBeLessThan(0.04);
    expect(driftOf([100, 90])).toBeNull();
  });
});
