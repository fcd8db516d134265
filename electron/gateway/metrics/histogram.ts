import type { Sample } from './exposition.ts';

export interface Histogram {
  observe(value: number): void;
  samples(labels: Readonly<Record<string, string>>): readonly Sample[];
}

/** Counts values up to each of `bounds`, which rise; Prometheus' buckets hold all below, too. */
export const createHistogram = (bounds: readonly number[]): Histogram => {
  const counts = new Array<number>(bounds.length).fill(0);
  let count = 0;
  let sum = 0;
  return {
    observe: (value) => {
      count += 1;
      sum += value;
      const at = bounds.findIndex((bound) => value <= bound);
      if (at >= 0) counts[at] = (counts[at] ?? 0) + 1;
    },
    samples: (labels) => {
      let below = 0;
      return [
        ...bounds.map((bound, at): Sample => {
          below += counts[at] ?? 0;
          return { suffix: '_bucket', labels: { ...labels, le: String(bound) }, value: below };
        }),
        { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
        { suffix: '_sum', labels, value: sum },
        { suffix: '_count', labels, value: count },
      ];
    },
  };
};
