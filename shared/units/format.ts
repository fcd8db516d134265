/**
 * How Dyno writes numbers, for the window, the command and the reports alike: three significant digits, thousands
 * separated, bytes in GiB, durations as `612 ms`, `2.43 s`, `3 min 20 s`. Units stand in the column head or behind
 * the figure, never inside it.
 */

/** Shown where a value is unknown; the reason goes beside it. */
export const UNKNOWN = '—';

const GIB = 1024 ** 3;

/** Decimals that leave `value` with three significant digits; 0 from 100 upwards. */
export const decimalsFor = (value: number): number => {
  const magnitude = Math.abs(value);
  if (magnitude === 0 || !Number.isFinite(magnitude)) return 0;
  // 99.96 is written 100, so the rounded figure decides.
  const exponent = Math.floor(Math.log10(Number(magnitude.toPrecision(3))));
  return Math.min(20, Math.max(0, 2 - exponent));
};

const grouped = (value: number, decimals: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

/** Three significant digits, thousands separated: `61.4`, `0.00745`, `13,300`. Unknown is an em dash. */
export const formatFigure = (value: number | null | undefined): string =>
  value === null || value === undefined || !Number.isFinite(value)
    ? UNKNOWN
    : grouped(Number(value.toPrecision(3)), decimalsFor(value));

/** A whole number with all its digits: counts are exact. */
export const formatCount = (value: number | null | undefined): string =>
  value === null || value === undefined ? UNKNOWN : grouped(Math.round(value), 0);

/** A count with what it counts, as people say it: `1 request`, `2,400 requests`. @param one its name in the singular */
export const formatCounted = (count: number, one: string): string =>
  `${formatCount(count)} ${count === 1 ? one : `${one}s`}`;

/** Bytes as a figure in GiB (2^30), without the unit. */
export const formatGib = (bytes: number | null | undefined): string =>
  formatFigure(bytes === null || bytes === undefined ? bytes : bytes / GIB);

export const toGib = (bytes: number): number => bytes / GIB;

/** `612 ms`, `2.43 s`, `3 min 20 s`, `1 h 05 min`. */
export const formatDuration = (ms: number | null | undefined): string => {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return UNKNOWN;
  if (ms < 999.5) return `${formatFigure(ms)} ms`;
  if (ms < 59_950) return `${formatFigure(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
};

/** A length of time for people: whole seconds, then minutes, no false precision. */
export const formatRough = (ms: number): string => {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** A waiting time for people: whole seconds, no false precision. `null` while nobody knows. */
export const formatEta = (ms: number | null): string =>
  ms === null ? 'time left unknown' : `${formatRough(ms)} left`;

/** 0..1 as whole percent without passing 99 before the end. */
export const formatFraction = (fraction: number | null): string =>
  fraction === null ? UNKNOWN : `${fraction >= 1 ? 100 : Math.min(99, Math.floor(fraction * 100))} %`;

/** `just now`, `4 min ago`, `3 h ago`, `2 days ago`, then the date. */
export const formatAgo = (thenMs: number, nowMs: number): string => {
  const minutes = Math.floor((nowMs - thenMs) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  const days = Math.floor(minutes / (24 * 60));
  if (days < 14) return days === 1 ? 'yesterday' : `${days} days ago`;
  return new Date(thenMs).toISOString().slice(0, 10);
};

/** Parameters as people say them: `4.03 M`, `8.03 B`. */
export const formatParameters = (count: number): string => {
  if (count >= 1e9) return `${formatFigure(count / 1e9)} B`;
  if (count >= 1e6) return `${formatFigure(count / 1e6)} M`;
  return formatCount(count);
};
