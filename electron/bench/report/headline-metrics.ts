import { metricNameSchema, type Cell, type MetricName } from '../../../shared/contract/bench.ts';
import type { Estimate } from '../../../shared/contract/common.ts';
import { metricDefinitions } from '../../../shared/metrics/definitions.ts';

/** Metrics of a cell in the order of the definitions; only those it has. */
export const headlineMetrics = (cell: Cell): readonly (readonly [MetricName, Estimate])[] =>
  metricNameSchema.options.flatMap((name) => {
    const estimate = cell.metrics[name];
    return estimate === undefined ? [] : [[name, estimate] as const];
  });

/**
 * Name and unit of a cell's metric. On the API ladder the speed of one user and the bound on prefill have names of
 * their own, so that they are never taken for the engine's.
 */
export const metricTitle = (
  cell: Pick<Cell, 'ladder'>,
  metric: MetricName,
): { readonly name: string; readonly unit: string } => {
  const isApi = cell.ladder === 'api';
  if (isApi && metric === 'decodeTps') return metricDefinitions.apiDecodeTps;
  const { name, unit } = metricDefinitions[metric];
  return { name: isApi && metric === 'prefillTps' ? `${name} (at least)` : name, unit };
};
