import { metricNameSchema, type Cell, type MetricName } from '../../../shared/contract/bench.ts';
import type { Estimate } from '../../../shared/contract/common.ts';

/** Metrics of a cell in the order of the definitions; only those it has. */
export const headlineMetrics = (cell: Cell): readonly (readonly [MetricName, Estimate])[] =>
  metricNameSchema.options.flatMap((name) => {
    const estimate = cell.metrics[name];
    return estimate === undefined ? [] : [[name, estimate] as const];
  });
