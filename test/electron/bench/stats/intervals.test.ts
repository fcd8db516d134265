import { describe, expect, it } from 'vitest';
import { estimateOf } from '../../../../electron/bench/stats/estimate.ts';
import { medianInterval } from '../../../../electron/bench/stats/median-interval.ts';
import { percentilesOf } from '../../../../electron/bench/stats/percentiles.ts';
import { createSeededRandom } from '../../../../electron/bench/stats/seeded-random.ts';
import { laws, shareOf } from '../../../support/simulate.ts';

const range = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

describe('the interval of the median', () => {
  it('mixes two neighbouring intervals of order statistics to hold 95 %', () => {
    // n = 10: second to ninth holds 0.978516, third to eighth 0.890625; by hand, Hettmansperger and Sheather's (1.4)
    const interval = medianInterval(range(10));
    expect(interval?.low).toBeCloseTo(2.6577, 4);
    expect(interval?.high).toBeCloseTo(8.3423, 4);
  });

  it('does not exist for 5 values', () => {
    expect(medianInterval(range(5))).toBeNull();
    expect(medianInterval([])).toBeNull();
    expect(medianInterval(range(6))).not.toBeNull();
  });

  it('narrows around the median also of many values', () => {
    // ± 1.96 √n / 2 around the middle
    expect(medianInterval(range(4000))?.low).toBeCloseTo(2000.5 - 0.98 * Math.sqrt(4000), 0);
  });

  it.each([6, 7, 8, 10, 15])(
    'of %i values holds the true median in 95 ± 1 in 100 of samples of any shape',
    (n) => {
      const shapes = laws(createSeededRandom(n));
      for (const [name, { median, draw }] of Object.entries(shapes)) {
        const held = shareOf(6000, () => {
          const interval = medianInterval(Array.from({ length: n }, draw));
          return interval !== null && interval.low <= median && median <= interval.high;
        });
        // and two standard errors of the simulation
        expect(Math.abs(held - 0.95), `${name}: ${held}`).toBeLessThanOrEqual(0.01 + 0.0056);
      }
    },
  );
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
    expect(estimateOf([1, 2, 3, 4, 5, 6])).toMatchObject({
      median: 3.5,
      ciLow: expect.closeTo(1 + 5 / 14, 10) as number,
      ciHigh: expect.closeTo(6 - 5 / 14, 10) as number,
      n: 6,
    });
  });

  it('has a CV that is never negative, and none around zero', () => {
    expect(estimateOf([-10, -12, -11])?.cv).toBeCloseTo(1 / 11, 12);
    expect(estimateOf([-1, 0, 1])?.cv).toBeNull();
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

  it('show p99.9 from 3,688 values on', () => {
    expect([percentilesOf(range(3687)).p999, percentilesOf(range(3688)).p999]).toEqual([
      null,
      expect.closeTo(3684.3, 1),
    ]);
  });

  it('interpolate linearly between order statistics', () => {
    expect(percentilesOf(range(101))).toEqual({
      n: 101,
      p50: 51,
      p90: 91,
      p95: 96,
      p99: null,
      p999: null,
      max: 101,
    });
    expect(percentilesOf([4, 1, 3, 2, 6, 5]).p50).toBe(3.5);
  });

  it('of nothing are unknown', () => {
    expect(percentilesOf([])).toEqual({
      n: 0,
      p50: null,
      p90: null,
      p95: null,
      p99: null,
      p999: null,
      max: null,
    });
  });
});
