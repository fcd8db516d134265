import type { MetricName, Repetition, RequestSample } from '../../../shared/contract/bench.ts';
import type { MarkedSample } from '../../../shared/contract/marked-sample.ts';
import { tpotOf, ttftOf } from './request-metrics.ts';
import { outlierFlags } from '../stats/outliers.ts';

type CellSample = RequestSample & { readonly cellId: string };

const metrics: readonly (readonly [MetricName, (sample: RequestSample) => number | null])[] = [
  ['ttftMs', ttftOf],
  ['tpotMs', tpotOf],
  ['e2eMs', (sample) => sample.lastTokenMs],
];

/** Of these requests of one cell, for each the metrics in which it lies far from the others. */
const outliersOf = (samples: readonly RequestSample[]): ReadonlyMap<RequestSample, readonly MetricName[]> => {
  const found = new Map<RequestSample, MetricName[]>();
  for (const [metric, valueOf] of metrics) {
    const known = samples.flatMap((sample) => {
      const value = valueOf(sample);
      return value === null ? [] : [{ sample, value }];
    });
    const flags = outlierFlags(known.map(({ value }) => value));
    for (const [index, { sample }] of known.entries()) {
      if (flags[index] === true) found.set(sample, [...(found.get(sample) ?? []), metric]);
    }
  }
  return found;
};

/**
 * Every request as it was, with the metrics in which it lies far from the other measured ones of its cell. Warm-ups and
 * failed requests have no part in it. Nothing is left out.
 */
export const markOutliers = (samples: readonly CellSample[]): readonly MarkedSample[] => {
  const counted = samples.filter((sample) => !sample.isWarmup && sample.error === null);
  const marks = new Map(
    [...Map.groupBy(counted, (sample) => sample.cellId).values()].flatMap((own) => [...outliersOf(own)]),
  );
  return samples.map((sample) => ({ ...sample, outliers: [...(marks.get(sample) ?? [])] }));
};

export interface OddRepetition {
  readonly metric: MetricName;
  /** Counts from 0. */
  readonly index: number;
  readonly value: number;
}

/** Measured repetitions of a cell that lie far from its others. */
export const oddRepetitions = (
  repetitions: readonly Repetition[],
  metric: MetricName,
): readonly OddRepetition[] => {
  const known = repetitions.flatMap(({ index, isWarmup, values }) => {
    const value = values[metric];
    return isWarmup || value === undefined ? [] : [{ metric, index, value }];
  });
  const flags = outlierFlags(known.map(({ value }) => value));
  return known.filter((_, index) => flags[index] === true);
};
