import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, formatEstimate, formatNumber } from '../../../shared/units/format.ts';

describe('numbers', () => {
  it('keep three significant digits below 100 and all digits above', () => {
    expect([61.44, 1234.5, 0.005123, 0, -2.5, 99.96, 7].map((value) => formatNumber(value))).toEqual([
      '61.4',
      '1,235',
      '0.00512',
      '0',
      '−2.50',
      '100',
      '7.00',
    ]);
  });

  it('are an em dash when they are not finite', () => {
    expect([NaN, Infinity].map((value) => formatNumber(value))).toEqual(['—', '—']);
  });

  it('write bytes in binary units', () => {
    expect([512, 7_974_080, 22 * 1024 ** 3].map(formatBytes)).toEqual(['512 B', '7.60 MiB', '22.0 GiB']);
  });

  it('write durations in the unit a person reads', () => {
    expect([0.42, 612, 2430, 200_000, 3_900_000].map(formatDuration)).toEqual([
      '0.420 ms',
      '612 ms',
      '2.43 s',
      '3 min 20 s',
      '1 h 05 min',
    ]);
  });

  it('give the spread the decimals of the value', () => {
    expect(formatEstimate({ median: 61.44, ciLow: 60.6, ciHigh: 62.2, min: 60, max: 63 })).toBe('61.4 ± 0.8');
    expect(formatEstimate({ median: 1500.2, ciLow: null, ciHigh: null, min: 1480, max: 1520 })).toBe('1,500 ± 20');
  });
});
