import { expect, it } from 'vitest';
import { windowAt } from '../../../../electron/gateway/budgets/budget-window.ts';
import type { BudgetWindow } from '../../../../shared/contract/budgets.ts';

const spanOf = (window: BudgetWindow, at: string) => {
  const { startMs, endMs } = windowAt(window, Date.parse(at));
  return [startMs, endMs].map((ms) => new Date(ms).toISOString().slice(0, 16));
};

it('follows the calendar in UTC: to the last millisecond of one window, and from the first of the next', () => {
  expect(spanOf('hour', '2026-11-25T10:59:59.999Z')).toEqual(['2026-11-25T10:00', '2026-11-25T11:00']);
  expect(spanOf('hour', '2026-11-25T11:00:00.000Z')).toEqual(['2026-11-25T11:00', '2026-11-25T12:00']);
  expect(spanOf('day', '2026-12-31T23:59:59.999Z')).toEqual(['2026-12-31T00:00', '2027-01-01T00:00']);
  expect(spanOf('month', '2028-02-29T12:00:00Z')).toEqual(['2028-02-01T00:00', '2028-03-01T00:00']);
  expect(spanOf('month', '2026-12-01T00:00:00Z')).toEqual(['2026-12-01T00:00', '2027-01-01T00:00']);
  expect(spanOf('year', '2026-07-01T00:00:00Z')).toEqual(['2026-01-01T00:00', '2027-01-01T00:00']);
});

it('begins a week on Monday', () => {
  expect(spanOf('week', '2026-11-29T23:59:59Z')).toEqual(['2026-11-23T00:00', '2026-11-30T00:00']); // a Sunday
  expect(spanOf('week', '2026-11-30T00:00:00Z')).toEqual(['2026-11-30T00:00', '2026-12-07T00:00']);
  expect(spanOf('week', '2026-01-01T08:00:00Z')).toEqual(['2025-12-29T00:00', '2026-01-05T00:00']);
});
