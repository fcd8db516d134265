import { useMemo } from 'react';
import type { QualityResult } from '../../../../shared/contract/quality.ts';
import { formatFigure } from '../../../../shared/units/format.ts';
import { ChartCanvas } from '../../../charts/chart-canvas.tsx';
import { ChartFigure } from '../../../charts/chart-figure.tsx';
import { drawPercentileChart } from '../../../charts/percentile-chart.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { labelOf } from './result-groups.ts';

const percentiles = [
  ['median', 'Median'],
  ['p90', '90 %'],
  ['p95', '95 %'],
  ['p99', '99 %'],
  ['p999', '99.9 %'],
  ['max', 'Largest'],
] as const;

const columns: readonly Column<QualityResult>[] = [
  { id: 'type', title: 'Candidate', isRowHeader: true, render: labelOf },
  ...percentiles.map(([key, title]): Column<QualityResult> => ({
    id: key,
    title: `${title}, nats`,
    isNumeric: true,
    render: ({ text }) => formatFigure(text.kld[key]),
    sortBy: ({ text }) => text.kld[key],
  })),
];

/** Where a candidate departs from its base: rarely and far, or a little everywhere. */
export const KldFigure = ({ results }: { readonly results: readonly QualityResult[] }) => {
  const draw = useMemo(
    () =>
      drawPercentileChart({
        percentiles: percentiles.map(([, title]) => title),
        series: results.map((result) => ({
          label: labelOf(result),
          values: percentiles.map(([key]) => result.text.kld[key]),
        })),
        xTitle: 'Share of scored positions that lie below',
        yTitle: 'KL divergence, nats',
      }),
    [results],
  );
  const caption =
    'KL divergence from the base over the scored positions, logarithmic: a line that rises late departs seldom, one that lies high departs everywhere.';
  const words = results
    .map(
      (result) =>
        `${labelOf(result)}: median ${formatFigure(result.text.kld.median)}, 99 % ${formatFigure(result.text.kld.p99)}`,
    )
    .join('; ');
  return (
    <ChartFigure
      caption={caption}
      legend={results.map((result, look) => ({ label: labelOf(result), kind: 'line', look }))}
      table={() => <DataTable label={caption} columns={columns} rows={results} rowKey={({ id }) => id} />}
    >
      <ChartCanvas draw={draw} label={`${caption} ${words}.`} heightRem={18} />
    </ChartFigure>
  );
};
