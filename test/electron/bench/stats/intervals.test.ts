import { describe, expect, it } from 'vitest';
import { estimateOf } from '../../../../electron/bench/stats/estimate.ts';
import { medianInterval } from '../../../../electron/bench/stats/median-interval.ts';
import { percentilesOf } from '../../../../electron/bench/stats/percentiles.ts';
import { createSeededRandom } from '../../../../electron/bench/stats/seeded-random.ts';

const range = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

describe('the interval of the median', () => {
  // ranks of the standard table of the sign test: Conover 1999, table A3
  it.each([
    [6, 1, 6],
    [8, 1, 8],
    [9, 2, 8],
    [10, 2, 9],
    [15, 4, 12],
    [20, 6, 15],
    [30, 10, 21],
    [50, 18, 33],
  ])('of %i values runs from the %ith to the %ith', (n, low, high) => {
    expect(medianInterval(range(n))).toMatchObject({ low, high });
  });

  it('does not exist for 5 values', () => {
    expect(medianInterval(range(5))).toBeNull();
    expect(medianInterval([])).toBeNull();
  });

  it('tells its exact coverage', () => {
    expect(medianInterval(range(10))?.coverage).toBeCloseTo(1 - 2 * (11 / 1024), 12);
  });

  it.each([6, 7, 10, 15])('of %i skewed values holds the true median at least 95 times in 100', (n) => {
    const random = createSeededRandom(n);
    const trials = 4000;
    let held = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      const interval = medianInterval(Array.from({ length: n }, () => -Math.log(1 - random())));
      if (interval !== null && interval.low <= Math.LN2 && Math.LN2 <= interval.high) held += 1;
    }
    expect(held / trials).toBeGreaterThan(0.944); // 95 % less two standard errors of the simulation
    expect(held / trials).toBeLessThan(0.99);
  });
});

describe('an estimate', () => {
  it('of three repetitions has a median, a range and a CV but no interval', () => {
    expect(estimateOf([10, 12, 11])).toEqual({
      median: 11,
      ciLow: null,
      ciHigh: null,
      min: 10,
      max: 12,
      cv: 1 / 11,
      n: 3,
    });
  });

  it('of six repetitions has an interval', () => {
    expect(estimateOf([1, 2, 3, 4, 5, 6])).toMatchObject({ median: 3.5, ciLow: 1, ciHigh: 6, n: 6 });
  });

  it('of one repetition has no CV, and of none there is no estimate', () => {
    expect(estimateOf([7])).toMatchObject({ median: 7, cv: null, n: 1 });
    expect(estimateOf([])).toBeUndefined();
  });
});

describe('percentiles', () => {
  it.each([
    [5, { p50: false, p90: false, p95: false, p99: false }],
    [6, { p50: true, p90: false, p95: false, p99: false }],
    [35, { p50: true, p90: false, p95: false, p99: false }],
    [36, { p50: true, p90: true, p95: false, p99: false }],
    [71, { p50: true, p90: true, p95: false, p99: false }],
    [72, { p50: true, p90: true, p95: true, p99: false }],
    [367, { p50: true, p90: true, p95: true, p99: false }],
    [368, { p50: true, p90: true, p95: true, p99: true }],
  ])('of %i values show only what has an interval', (n, shown) => {
    const { p50, p90, p95, p99 } = percentilesOf(range(n));
    expect({ p50: p50 !== null, p90: p90 !== null, p95: p95 !== null, p99: p99 !== null }).toEqual(shown);
  });

  it('interpolate linearly between order statistics', () => {
    expect(percentilesOf(range(101))).toEqual({ n: 101, p50: 51, p90: 91, p95: 96, p99: null, max: 101 });
    expect(percentilesOf([4, 1, 3, 2, 6, 5]).p50).toBe(3.5);
  });

  it('of nothing are unknown', () => {
    expect(percentilesOf([])).toEqual({ n: 0, p50: null, p90: null, p95: null, p99: null, max: null });
  });
});
