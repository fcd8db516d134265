import { describe, expect, it } from 'vitest';
import { binomialVerdict } from '../../../../electron/bench/stats/binomial-verdict.ts';

describe('the binomial verdict', () => {
  it.each([
    // 0.9^28 = 0.0523 and 0.9^29 = 0.0471; 0.95^58 = 0.0510 and 0.95^59 = 0.0485
    [28, 28, 0.9, 'undecided'],
    [29, 29, 0.9, 'pass'],
    [58, 58, 0.95, 'undecided'],
    [59, 59, 0.95, 'pass'],
    // P(Bin(60, 0.9) ≤ 49) = 0.034 and ≤ 50 = 0.073
    [49, 60, 0.9, 'fail'],
    [50, 60, 0.9, 'undecided'],
    [0, 0, 0.9, 'undecided'],
    [0, 5, 0.9, 'fail'],
    [1000, 1000, 0.99, 'pass'],
  ] as const)('of %d good in %d at a share of %d is %s', (good, attempted, share, verdict) => {
    expect(binomialVerdict(good, attempted, share)).toBe(verdict);
  });

  it('asks for more where it may look twice', () => {
    // 0.9^35 = 0.0250316 and 0.9^36 = 0.0225284 around 0.05 / 2
    expect([35, 36].map((n) => binomialVerdict(n, n, 0.9, 2))).toEqual(['undecided', 'pass']);
  });
});
