import type { Point } from './point-series.ts';

/**
 * At most about `maxPoints` points that still show every peak and dip: of each of the `maxPoints / 2` equal slices of
 * the x axis the lowest and the highest stay. Gaps (`null`) stay gaps. A shorter line comes back as it is.
 */
export const decimate = (points: readonly Point[], maxPoints: number): readonly Point[] => {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length <= maxPoints) return points;
  const sliceWidth = (last.x - first.x) / Math.max(1, Math.floor(maxPoints / 2)) || 1;
  const kept: Point[] = [];
  let slice: Point[] = [];
  let sliceEnd = first.x + sliceWidth;

  const flush = (): void => {
    const known = slice.filter((point) => point.y !== null);
    const [head] = slice;
    if (head === undefined) return;
    if (known.length === 0) kept.push(head);
    else {
      const low = known.reduce((best, point) => ((point.y ?? 0) < (best.y ?? 0) ? point : best));
      const high = known.reduce((best, point) => ((point.y ?? 0) > (best.y ?? 0) ? point : best));
      kept.push(...(low === high ? [low] : low.x < high.x ? [low, high] : [high, low]));
    }
    slice = [];
  };

  for (const point of points) {
    while (point.x > sliceEnd) {
      flush();
      // Jump over empty slices at once: a paused run may hold an hour without points.
      sliceEnd += sliceWidth * Math.max(1, Math.ceil((point.x - sliceEnd) / sliceWidth));
    }
    slice.push(point);
  }
  flush();
  return kept;
};
