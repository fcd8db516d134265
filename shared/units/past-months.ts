import type { PriceId, PriceSheet } from '../contract/prices.ts';

/** Months, as `2026-09`; the same twice where it is one. */
export interface MonthSpan {
  readonly first: string;
  readonly last: string;
}

const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7);

/**
 * The months before the current one (UTC) that come to something else when this sheet is set, changed or removed: from
 * its first day until a later sheet of the same model and currency takes over. `undefined`: none.
 */
export const pastMonthsOf = (
  { model, currency, fromDay }: PriceId,
  sheets: readonly PriceSheet[],
  nowMs: number,
): MonthSpan | undefined => {
  const now = new Date(nowMs);
  const ends = sheets
    .filter((other) => other.model === model && other.currency === currency && other.fromDay > fromDay)
    .map((other) => Date.parse(other.fromDay));
  const endMs = Math.min(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()), ...ends);
  const fromMs = Date.parse(fromDay);
  return fromMs < endMs ? { first: monthOf(fromMs), last: monthOf(endMs - 1) } : undefined;
};

/** `2026-09`, or `2026-09 to 2026-11`. */
export const monthSpanText = ({ first, last }: MonthSpan): string =>
  first === last ? first : `${first} to ${last}`;
