import { describe, expect, it } from 'vitest';
import { driftOf } from '../../../../electron/bench/stats/drift.ts';
import { judgeSpeed } from '../../../../electron/bench/stats/judge-speed.ts';
import { mannWhitney } from '../../../../electron/bench/stats/mann-whitney.ts';
import { medianDifference } from '../../../../electron/bench/stats/median-difference.ts';
import { createSeededRandom } from '../../../../electron/bench/stats/seeded-random.ts';
import { repetitions, shareOf } from '../../../support/simulate.ts';

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

  it.each([
    [4, 0],
    [5, 2],
    [6, 5],
    [7, 8],
    [8, 13],
    [10, 23],
    [15, 64],
    [20, 127],
  ])('meets the published critical value for n = m = %i at two-sided 0.05: U = %i', (n, critical) => {
    // Mann and Whitney's table as in Conover 1999, A7; one more is not significant
    const withU = (n: number, u: number) => {
      const b = Array.from({ length: n }, (_, index) => index + 1);
      // u values of b lie below one value of a after another, all others above
      const a = Array.from({ length: n }, (_, index) => {
        const below = Math.min(n, Math.max(0, u - index * n));
        return below + 0.5 + index * 1e-6;
      });
      return mannWhitney(a, b);
    };
    expect(withU(n, critical)).toMatchObject({ u: critical, isExact: true });
    expect(withU(n, critical).p).toBeLessThan(0.05);
    expect(withU(n, critical + 1).p).toBeGreaterThan(0.05);
  });

  it('counts ties half and stays exact with them', () => {
    expect(mannWhitney([1, 2, 2], [2, 3, 3])).toEqual({ u: 1, p: 0.3, isExact: true });
    expect(mannWhitney([5, 5, 5, 5], [5, 5, 5, 5])).toMatchObject({ u: 8, p: 1 });
  });

  it('refuses what is no number, which has no rank', () => {
    expect(() => mannWhitney([NaN, 1], [2, 3])).toThrow('has no rank');
  });

  it('corrects its normal approximation for ties and continuity', () => {
    // computed apart from this code by Lehmann's formula (1.4), with the complementary error function of C
    const values = Array.from({ length: 25 }, (_, index) => (index % 5) + 1);
    const shifted = values.map((value) => value + 1);
    const { u, p, isExact } = mannWhitney(values, shifted);
    expect([u, isExact]).toEqual([200, false]);
    expect(p).toBeCloseTo(0.0270643, 6);
  });

  it('passes over to the normal approximation without a jump', () => {
    const random = createSeededRandom(3);
    const a = repetitions(random, 20, 100);
    const b = repetitions(random, 20, 101.2);
    const exact = mannWhitney(a, b);
    const wide = mannWhitney([...a, 100.4], b);
    expect([exact.isExact, wide.isExact]).toEqual([true, false]);
    expect(Math.abs(exact.p - wide.p)).toBeLessThan(0.03);
  });
});

describe('the difference of medians', () => {
  it('repeats with the seed and scales with the values', () => {
    const a = [10, 11, 12, 13, 14];
    const b = [5, 5.5, 6, 6.5, 7];
    const first = medianDifference(a, b, { seed: 4 });
    expect(first).toEqual(medianDifference(a, b, { seed: 4 }));
    expect(first.ratio.value).toBe(2);
    expect(first.difference.value).toBe(6);
    expect(first.ratio.low).toBeLessThan(2);
    expect(first.ratio.high).toBeGreaterThan(2);
    const doubled = medianDifference([20, 22, 24, 26, 28], b, { seed: 4 });
    expect(doubled.ratio.low).toBeCloseTo(first.ratio.low * 2, 12);
  });

  it('holds 95 ± 1 % from 4 repetitions on', () => {
    const random = createSeededRandom(11);
    for (const n of [4, 6, 8, 12]) {
      let seed = 0;
      const held = shareOf(2000, () => {
        const [a, b] = [repetitions(random, n, 150), repetitions(random, n, 100)];
        const { low, high } = medianDifference(a, b, { resamples: 400, seed: (seed += 1) }).ratio;
        return low <= 1.5 && 1.5 <= high;
      });
      // a point, and the standard error of 2,000 trials
      expect(Math.abs(held - 0.95), `n ${n}: ${held}`).toBeLessThanOrEqual(0.01 + 0.005);
    }
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
      confidence: 0.95,
      verdict: 'not-distinguishable',
    });
  });

  it('claims nothing where the arms overlap', () => {
    expect(judgeSpeed([60, 61, 59, 62, 60], [60.5, 59.5, 61.5, 60, 61])?.verdict).toBe('not-distinguishable');
  });

  it('has no opinion on an arm without values', () => {
    expect(judgeSpeed([], [1, 2, 3, 4])).toBeNull();
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

  it('is at most the whole of it, where the line falls through zero', () => {
    expect(driftOf([10, 1, 0.1])).toBe(-1);
    expect(driftOf([-1, -2, -3])).toBeNull();
  });
});
