import { quantileSorted } from 'simple-statistics';
import type { Percentiles } from '../../../shared/contract/percentiles.ts';

/**
 * Whether a two-sided distribution-free 95 % CI of the p-quantile exists for n values: max(p, 1 − p)^n ≤ 0.025, so
 * that both ends of it are order statistics. Gives n ≥ 6 for the median, 36 for p90, 72 for p95, 368 for p99, 3,688
 * for p99.9.
 *
 * Source: H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1.
 */
export const hasInterval = (p: number, n: number): boolean => Math.max(p, 1 - p) ** n <= 0.025;

/**
 * Percentiles by linear interpolation (Hyndman and Fan 1996, type 7), each `null` unless its CI exists. `values` are
 * the raw values of all runs together: percentiles are never averaged.
 */
export const percentilesOf = (values: readonly number[]): Percentiles => {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const at = (p: number) => (hasInterval(p, n) ? quantileSorted(sorted, p) : null);
  return {
    n,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: sorted.at(-1) ?? null,
  };
};
