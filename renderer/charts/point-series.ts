/** A point of a chart; `y` is `null` where the value was unknown, which leaves a gap. */
export interface Point {
  readonly x: number;
  readonly y: number | null;
}

/**
 * A growing line that forgets its oldest points. It lives outside React and is read in place by the chart: at two
 * telemetry samples a second and ten series, an immutable copy per sample would make 24,000 objects a minute.
 */
export interface PointSeries {
  readonly points: readonly Point[];
  readonly push: (x: number, y: number | null) => void;
  readonly clear: () => void;
}

/** @param capacity points kept; up to a quarter more stand in the array between two cuts */
export const createPointSeries = (capacity: number): PointSeries => {
  const points: Point[] = [];
  const limit = Math.ceil(capacity * 1.25);
  return {
    points,
    push: (x, y) => {
      points.push({ x, y });
      if (points.length > limit) points.splice(0, points.length - capacity);
    },
    clear: () => {
      points.length = 0;
    },
  };
};
