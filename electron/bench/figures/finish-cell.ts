import { max, median } from 'simple-statistics';
import {
  metricNameSchema,
  type Cell,
  type MetricName,
  type Repetition,
  type RequestSample,
  type Trust,
} from '../../../shared/contract/bench.ts';
import type { CellConditions } from '../../../shared/contract/conditions.ts';
import { rawValues } from './request-metrics.ts';
import { estimateOf } from '../stats/estimate.ts';
import { percentilesOf } from '../stats/percentiles.ts';

/** Values of one metric over the measured repetitions, in order; repetitions without it are left out. */
export const valuesOf = (repetitions: readonly Repetition[], metric: MetricName): readonly number[] =>
  repetitions
    .filter((repetition) => !repetition.isWarmup)
    .flatMap((repetition) => repetition.values[metric] ?? []);

const metricsOf = (repetitions: readonly Repetition[]): Cell['metrics'] =>
  Object.fromEntries(
    metricNameSchema.options.flatMap((name) => {
      const estimate = estimateOf(valuesOf(repetitions, name));
      return estimate === undefined ? [] : [[name, estimate]];
    }),
  );

const percentileMetricsOf = (samples: readonly RequestSample[]): Cell['percentiles'] =>
  Object.fromEntries(
    Object.entries(rawValues(samples))
      .filter(([, values]) => values.length > 0)
      .map(([name, values]) => [name, percentilesOf(values)]),
  );

const finishReasonsOf = (samples: readonly RequestSample[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(samples, (sample) => sample.finishReason ?? 'none')].map(([reason, own]) => [
      reason,
      own.length,
    ]),
  );

/** A measured cell from what its repetitions brought. Pure. */
export const finishCell = (
  cell: Cell,
  measured: {
    readonly repetitions: readonly Repetition[];
    readonly samples: readonly RequestSample[];
    readonly trust: Trust;
    readonly conditions: CellConditions;
    readonly startedAtMs: number;
    readonly endedAtMs: number;
  },
): Cell => {
  const counted = measured.repetitions.filter((repetition) => !repetition.isWarmup);
  const samples = measured.samples.filter((sample) => !sample.isWarmup);
  const resident = measured.repetitions.flatMap((repetition) => repetition.residentBytes ?? []);
  const cpuShares = counted.flatMap((repetition) => repetition.cpuPerWall ?? []);
  return {
    ...cell,
    state: 'done',
    metrics: metricsOf(counted),
    percentiles: percentileMetricsOf(samples),
    counts: {
      warmups: measured.repetitions.length - counted.length,
      repetitions: counted.length,
      requests: samples.length,
      errors: samples.filter((sample) => sample.error !== null).length,
      finishReasons: finishReasonsOf(samples),
    },
    peakResidentBytes: resident.length === 0 ? null : max(resident),
    cpuPerWall: cpuShares.length === 0 ? null : median(cpuShares),
    conditions: measured.conditions,
    trust: measured.trust,
    error: null,
    startedAtMs: measured.startedAtMs,
    endedAtMs: measured.endedAtMs,
  };
};
