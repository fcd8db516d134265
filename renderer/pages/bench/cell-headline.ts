import type { Cell, MetricName } from '../../../shared/contract/bench.ts';
import type { Estimate } from '../../../shared/contract/common.ts';
import { metricDefinition, type MetricId } from '../../../shared/metrics/definitions.ts';

/** The first of these that a cell has is its headline. */
const order: readonly MetricName[] = ['decodeTps', 'prefillTps', 'systemTps', 'ttftMs'];

/** In the API ladder with several streams the machine's output counts, not one user's. */
const isShared = (cell: Cell): boolean =>
  cell.ladder === 'api' && cell.metrics.systemTps !== undefined && /x\d/.test(cell.test);

/** The figure a measurement is known by, named as its ladder names it. */
export const headlineOf = (
  cell: Cell,
): { readonly metric: MetricId; readonly estimate: Estimate; readonly unit: string } | undefined => {
  const names: readonly MetricName[] = isShared(cell) ? ['systemTps', ...order] : order;
  for (const name of names) {
    const estimate = cell.metrics[name];
    if (estimate === undefined) continue;
    const metric = name === 'decodeTps' && cell.ladder === 'api' ? 'apiDecodeTps' : name;
    return { metric, estimate, unit: metricDefinition(metric).unit };
  }
  return undefined;
};
