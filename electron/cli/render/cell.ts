import { metricNameSchema, type Cell, type MetricName } from '../../../shared/contract/bench.ts';
import type { Estimate } from '../../../shared/contract/common.ts';
import { metricDefinitions } from '../../../shared/metrics/definitions.ts';
import { energyRows, silenceOf, writeEnergy } from '../../../shared/units/energy.ts';
import { writeEstimate } from '../../../shared/units/estimate.ts';
import { renderTable } from './table.ts';

/** What one reads of a finished cell before the comparison is there. */
const headlines = {
  engine: ['prefillTps', 'decodeTps'],
  api: ['ttftMs', 'decodeTps'],
} as const;

/** `Decode 412 ± 3.1 t/s`. */
const figureText = (name: MetricName, estimate: Estimate): string => {
  const { value, spread } = writeEstimate(estimate);
  const definition = metricDefinitions[name];
  return `${definition.name} ${value}${spread === null ? '' : ` ± ${spread}`} ${definition.unit}`.trim();
};

/** Every cell of a run with all its figures, for tests the comparison has no column for. */
export const renderCells = (cells: readonly Cell[]): string =>
  renderTable<Cell>(
    [
      { head: 'model', cell: (cell) => cell.modelId },
      { head: 'ladder', cell: (cell) => cell.ladder },
      { head: 'test', cell: (cell) => cell.test },
      {
        head: 'state',
        cell: (cell) => (cell.error === null ? cell.state : `${cell.state}: ${cell.error.message}`),
      },
      { head: 'n', align: 'right', cell: (cell) => String(cell.counts.repetitions) },
      {
        head: 'metrics',
        cell: (cell) =>
          metricNameSchema.options
            .flatMap((name) => {
              const estimate = cell.metrics[name];
              return estimate === undefined ? [] : [figureText(name, estimate)];
            })
            .join(', '),
      },
    ],
    cells,
  );

/** Energy of every cell; one line where it is unknown everywhere for the same reason. */
export const renderEnergy = (cells: readonly Cell[]): readonly string[] => {
  const rows = energyRows(cells);
  const reasons = new Set(rows.map(({ energy }) => silenceOf(energy)));
  const [reason] = reasons;
  if (rows.length === 0) return [];
  if (reasons.size === 1 && typeof reason === 'string') return [`Energy: unknown, ${reason}.`];
  return rows.map(
    (row) => `Energy ${row.cell.modelId} ${row.cell.test}, ${row.energy.device}: ${writeEnergy(row)}`,
  );
};

/** One line of a bench's log: "tg128 of dyno-demo-4m-f16: Decode 412 ± 3.1 t/s, n 3". */
export const renderCellEnd = (cell: Cell): string => {
  const name = `${cell.test} of ${cell.modelId}`;
  if (cell.state !== 'done') return `${name}: ${cell.error?.message ?? cell.state}`;
  const figures = headlines[cell.ladder].flatMap((id) => {
    const estimate = cell.metrics[id];
    if (estimate === undefined) return [];
    return [`${figureText(id, estimate)}, n ${estimate.n}`];
  });
  return `${name}: ${figures.join('; ')}`;
};
