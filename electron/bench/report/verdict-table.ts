import type { Report } from '../../../shared/contract/report.ts';
import { floorSentence } from '../../../shared/units/floor-text.ts';
import { verdictColumns, verdictNote } from '../../../shared/units/verdict-columns.ts';

const lastMs = (runs: Report['runs']): number =>
  Math.max(0, ...runs.map(({ run }) => run.endedAtMs ?? run.createdAtMs));

/** The metric-by-metric comparison, the same for every format; no rows without a second model. */
export const verdictTable = ({ runs, comparison }: Report) => ({
  title: `Metric by metric against ${comparison.rows.find(({ isBase }) => isBase)?.modelId ?? 'the base'}`,
  columns: verdictColumns,
  rows: comparison.verdicts.map((judged) => verdictColumns.map(({ text }) => text(judged))),
  note: `${verdictNote} ${floorSentence(comparison.noiseFloor, lastMs(runs))}`,
});
