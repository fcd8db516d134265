import type { Cell } from '../../../shared/contract/bench.ts';
import { metricDefinitions } from '../../../shared/metrics/definitions.ts';
import { writeEstimate } from '../../../shared/units/estimate.ts';

/** What one reads of a finished cell before the comparison is there. */
const headlines = {
  engine: ['prefillTps', 'decodeTps'],
  api: ['ttftMs', 'decodeTps'],
} as const;

/** One line of a bench's log: "tg128 of dyno-demo-4m-f16: Decode 412 ± 3.1 t/s, n 3". */
export const renderCellEnd = (cell: Cell): string => {
  const name = `${cell.test} of ${cell.modelId}`;
  if (cell.state !== 'done') return `${name}: ${cell.error?.message ?? cell.state}`;
  const figures = headlines[cell.ladder].flatMap((id) => {
    const estimate = cell.metrics[id];
    if (estimate === undefined) return [];
    const { value, spread, n } = writeEstimate(estimate);
    const definition = metricDefinitions[id];
    return [`${definition.name} ${value}${spread === null ? '' : ` ± ${spread}`} ${definition.unit}, n ${n}`];
  });
  return `${name}: ${figures.join('; ')}`;
};
