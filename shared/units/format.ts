/** How numbers are written everywhere: three significant digits, thousands separated, GiB never mixed with GB. */

const minus = '\u2212';

/** `61.4`, `1,230`, `0.00512`. Whole numbers from 1,000 on keep all their digits. */
export const formatNumber = (value: number, digits = 3): string => {
  if (!Number.isFinite(value)) return '—';
  const size = Math.abs(value);
  const text =
    size >= 10 ** (digits - 1)
      ? Math.round(size).toLocaleString('en-US')
      : size === 0
        ? '0'
        : trimExponent(size, digits);
  return value < 0 ? minus + text : text;
};

const trimExponent = (size: number, digits: number): string => {
  const text = size.toPrecision(digits);
  return text.includes('e') ? Number(text).toString() : text;
};

/** Bytes as GiB or MiB or KiB: `7.6 MiB`, `21.3 GiB`. */
export const formatBytes = (bytes: number): string => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${formatNumber(bytes / 1024 ** power)} ${units[power] ?? 'B'}`;
};

/** `612 ms`, `2.43 s`, `3 min 20 s`, `1 h 05 min`. */
export const formatDuration = (ms: number): string => {
  if (!Number.isFinite(ms)) return '—';
  if (ms < 1000) return `${formatNumber(ms)} ms`;
  if (ms < 60_000) return `${formatNumber(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
};

/** Spread of an estimate: half the width of its CI where it has one, else half its range. */
export const halfSpread = (estimate: {
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly min: number;
  readonly max: number;
}): number =>
  estimate.ciLow !== null && estimate.ciHigh !== null
    ? (estimate.ciHigh - estimate.ciLow) / 2
    : (estimate.max - estimate.min) / 2;

/** `61.4 ± 0.8`: the spread with as many decimals as the value. */
export const formatEstimate = (estimate: {
  readonly median: number;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly min: number;
  readonly max: number;
}): string => {
  const value = formatNumber(estimate.median);
  const decimals = value.split('.')[1]?.length ?? 0;
  const spread = halfSpread(estimate).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return `${value} ± ${spread}`;
};
