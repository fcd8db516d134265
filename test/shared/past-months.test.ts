import { expect, it } from 'vitest';
import type { PriceSheet } from '../../shared/contract/prices.ts';
import { monthSpanText, pastMonthsOf } from '../../shared/units/past-months.ts';

const now = Date.UTC(2026, 10, 25, 12);
const from = (fromDay: string, given: Partial<PriceSheet> = {}): PriceSheet => ({
  model: 'demo',
  currency: 'EUR',
  fromDay,
  promptMicro: 1,
  cachedMicro: 1,
  outputMicro: 1,
  ...given,
});
const text = (fromDay: string, sheets: readonly PriceSheet[] = []): string | undefined => {
  const span = pastMonthsOf(from(fromDay), sheets, now);
  return span === undefined ? undefined : monthSpanText(span);
};

it('names every month before this one that a price reaches back into', () => {
  expect(['2027-01-01', '2026-11-01', '2026-11-25'].map((day) => text(day))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([text('2026-10-31'), text('2026-10-01'), text('2025-12-15')]).toEqual([
    '2026-10',
    '2026-10',
    '2025-12 to 2026-10',
  ]);
});

it('ends where a later price of the same model and currency takes over, not where another does', () => {
  expect(text('2026-08-01', [from('2026-08-01'), from('2026-10-01')])).toBe('2026-08 to 2026-09');
  expect(text('2026-08-01', [from('2026-10-02'), from('2026-09-01')])).toBe('2026-08');
  expect(
    text('2026-08-01', [
      from('2026-09-01', { currency: 'USD' }),
      from('2026-09-01', { model: '*' }),
      from('2026-07-01'),
    ]),
  ).toBe('2026-08 to 2026-10');
});

it('goes by the month of UTC, whatever the hour', () => {
  expect(pastMonthsOf(from('2026-10-31'), [], Date.UTC(2026, 10, 1))).toEqual({
    first: '2026-10',
    last: '2026-10',
  });
  expect(pastMonthsOf(from('2026-10-01'), [], Date.UTC(2026, 10, 1) - 1)).toBeUndefined();
});
