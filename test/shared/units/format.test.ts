import { describe, expect, it } from 'vitest';
import { writeEstimate, writeWithError } from '../../../shared/units/estimate.ts';
import {
  formatAgo,
  formatCounted,
  formatDuration,
  formatEta,
  formatFigure,
  formatFraction,
  formatGib,
  formatParameters,
  formatRough,
} from '../../../shared/units/format.ts';
import { speedVerdict } from '../../../shared/units/verdict.ts';

describe('figures', () => {
  it('have three significant digits and separated thousands', () => {
    expect([61.44, 0.007454, 13_312, 99.96, 9.996, 0, -2.345, 1].map(formatFigure)).toEqual([
      '61.4',
      '0.00745',
      '13,300',
      '100',
      '10.0',
      '0',
      '-2.35',
      '1.00',
    ]);
  });

  it('are an em dash when unknown, never zero', () => {
    expect([formatFigure(null), formatGib(undefined), formatDuration(null), formatFigure(NaN)]).toEqual([
      '—',
      '—',
      '—',
      '—',
    ]);
  });

  it('name one thing in the singular, and none or several in the plural', () => {
    expect([0, 1, 2, 2400].map((count) => formatCounted(count, 'request'))).toEqual([
      '0 requests',
      '1 request',
      '2 requests',
      '2,400 requests',
    ]);
  });

  it('write bytes in GiB', () => {
    expect([formatGib(8_103_272_448), formatGib(8 * 1024 ** 2)]).toEqual(['7.55', '0.00781']);
  });

  it('write parameters in millions and billions', () => {
    expect([formatParameters(8_030_000_000), formatParameters(4_030_000), formatParameters(950)]).toEqual([
      '8.03 B',
      '4.03 M',
      '950',
    ]);
  });
});

describe('times', () => {
  it('change their unit where the figure would lose its meaning', () => {
    expect([612, 999.6, 2430, 59_960, 200_000, 3_900_000].map(formatDuration)).toEqual([
      '612 ms',
      '1.00 s',
      '2.43 s',
      '1 min 00 s',
      '3 min 20 s',
      '1 h 05 min',
    ]);
  });

  it('are rough while they are guesses', () => {
    expect([formatEta(14_100), formatEta(200_000), formatEta(null), formatRough(200)]).toEqual([
      '14 s left',
      '3 min left',
      'time left unknown',
      '1 s',
    ]);
  });

  it('of the past are told in words, and as a date when they are long ago', () => {
    const now = Date.UTC(2026, 10, 24);
    expect(
      [10_000, 240_000, 7_200_000, 90_000_000, 40 * 86_400_000].map((ago) => formatAgo(now - ago, now)),
    ).toEqual(['just now', '4 min ago', '2 h ago', 'yesterday', '2026-10-15']);
  });

  it('a fraction reaches 100 % only at the end', () => {
    expect([0.999, 1, null].map(formatFraction)).toEqual(['99 %', '100 %', '—']);
  });
});

describe('estimates', () => {
  const estimate = { median: 61.44, ciLow: null, ciHigh: null, min: 60, max: 62, cv: 0.013, n: 3 };

  it('carry their spread with the decimals of the value, and their n', () => {
    expect(writeEstimate(estimate)).toEqual({
      value: '61.4',
      spread: '0.8',
      n: 3,
      detail:
        'median of 3 repetitions; from 60.0 to 62.0; ± is one standard deviation; no 95 % interval below n 6',
    });
  });

  it('with a standard error carry it with the decimals of the value', () => {
    expect([
      writeWithError(0.0000409, 0.00000508),
      writeWithError(0.028, 0.00151),
      writeWithError(0, 0),
    ]).toEqual(['0.0000409 ± 0.0000051', '0.0280 ± 0.0015', '0 ± 0']);
  });

  it('of a single repetition have no spread', () => {
    expect(writeEstimate({ ...estimate, cv: null, n: 1 }).spread).toBeNull();
  });
});

describe('verdicts', () => {
  it('say faster, slower or no difference in a shape and a word', () => {
    expect([
      speedVerdict(1.12, 'faster'),
      speedVerdict(1.91, 'faster'),
      speedVerdict(0.8, 'slower'),
      speedVerdict(1.2, 'not-distinguishable'),
    ]).toEqual([
      { shape: '▲', text: '12 % faster', tone: 'better' },
      { shape: '▲', text: '1.91× as fast', tone: 'better' },
      { shape: '▼', text: '20 % slower', tone: 'worse' },
      { shape: '≈', text: 'no difference', tone: 'same' },
    ]);
  });
});
