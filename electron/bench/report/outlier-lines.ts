import type { ReportedRun } from '../../../shared/contract/report.ts';
import { formatFigure } from '../../../shared/units/format.ts';
import { oddRepetitions } from '../figures/mark-outliers.ts';
import { namesOf } from '../model-names.ts';
import { headlineMetrics, metricTitle } from './headline-metrics.ts';

/** One line per repetition that lies far from the others of its cell; what is flagged is still counted. */
export const outlierLines = ({ run, repetitions }: ReportedRun): readonly string[] => {
  const nameOf = namesOf(run.models);
  return run.cells
    .filter((cell) => cell.state === 'done')
    .flatMap((cell) =>
      headlineMetrics(cell).flatMap(([metric, estimate]) =>
        oddRepetitions(repetitions[cell.id] ?? [], metric).map(({ index, value }) => {
          const { name, unit } = metricTitle(cell, metric);
          return `${nameOf(cell.modelId)} ${cell.test}, ${name}: repetition ${index + 1} with ${formatFigure(value)} ${unit}, median ${formatFigure(estimate.median)}`;
        }),
      ),
    );
};

/** What the lines above mean. */
export const outlierNote =
  'Far from the other repetitions (modified z-score over 3.5, Iglewicz and Hoaglin). Flagged, never left out: every figure counts them.';
