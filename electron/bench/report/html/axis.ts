/** Numbers at round steps (1, 2 or 5 × a power of ten) from `from` to `to`, about `count` of them. */
export const roundTicks = (from: number, to: number, count = 5): readonly number[] => {
  const span = to - from;
  if (!(span > 0)) return [from];
  const raw = span / count;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const step = magnitude * ([1, 2, 5, 10].find((factor) => factor * magnitude >= raw) ?? 10);
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
};

/** Maps a range of values onto a range of pixels. */
export const scaleOf =
  (from: number, to: number, start: number, end: number) =>
  (value: number): number =>
    Math.round((start + ((value - from) / (to - from || 1)) * (end - start)) * 10) / 10;

/** A tick without digits it does not need: `0.002`, `10`, `4,000`. */
export const tickText = (value: number): string =>
  Number(value.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 12 });
