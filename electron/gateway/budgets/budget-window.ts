import type { BudgetWindow } from '../../../shared/contract/budgets.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The Monday of a day's week. Days count from a Thursday, 1970-01-01. */
const mondayOf = (atMs: number): number => {
  const day = Math.floor(atMs / DAY_MS);
  return (day - ((day + 3) % 7)) * DAY_MS;
};

/**
 * The calendar span (UTC) that a moment lies in.
 * @param atMs wall clock, after 1970
 * @returns from `startMs` to before `endMs`, both whole hours, as the ledger sums
 */
export const windowAt = (
  window: BudgetWindow,
  atMs: number,
): { readonly startMs: number; readonly endMs: number } => {
  const date = new Date(atMs);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  const lasting = (startMs: number, spanMs: number) => ({ startMs, endMs: startMs + spanMs });
  switch (window) {
    case 'hour':
      return lasting(Math.floor(atMs / HOUR_MS) * HOUR_MS, HOUR_MS);
    case 'day':
      return lasting(Math.floor(atMs / DAY_MS) * DAY_MS, DAY_MS);
    case 'week':
      return lasting(mondayOf(atMs), 7 * DAY_MS);
    case 'month':
      return { startMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) };
    case 'year':
      return { startMs: Date.UTC(year), endMs: Date.UTC(year + 1) };
    default:
      return window satisfies never;
  }
};
