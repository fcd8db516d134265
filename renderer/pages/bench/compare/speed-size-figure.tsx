import { useMemo } from 'react';
import type { Comparison } from '../../../../shared/contract/bench.ts';
import { formatFigure, formatGib } from '../../../../shared/units/format.ts';
import { ChartCanvas } from '../../../charts/chart-canvas.tsx';
import { ChartFigure } from '../../../charts/chart-figure.tsx';
import { drawScatterChart } from '../../../charts/scatter-chart.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import { EstimateText } from '../../../ui/estimate-text.tsx';
import { speedSizeSpec } from './speed-size.ts';

interface SpeedSizeFigureProps {
  readonly comparison: Comparison;
  readonly availableBytes: number | null;
}

/** The trade-off in one picture: up is faster, left is smaller. */
export const SpeedSizeFigure = ({ comparison, availableBytes }: SpeedSizeFigureProps) => {
  const spec = useMemo(() => speedSizeSpec(comparison, availableBytes), [comparison, availableBytes]);
  const draw = useMemo(() => drawScatterChart(spec), [spec]);
  const caption =
    'Decode speed of the engine over file size; the bars reach from the slowest to the fastest repetition, the dotted line joins the files that none beats in both.';
  const words = spec.points
    .map((point) => `${point.label}: ${formatFigure(point.y)} t/s at ${formatFigure(point.x)} GiB`)
    .join('; ');
  return (
    <ChartFigure
      caption={caption}
      legend={[]}
      table={() => (
        <DataTable
          label={caption}
          rows={comparison.rows}
          rowKey={(row) => `${row.runId} ${row.modelId}`}
          columns={[
            { id: 'type', title: 'Type', isRowHeader: true, render: (row) => row.quantization },
            {
              id: 'size',
              title: 'Size, GiB',
              isNumeric: true,
              render: (row) => formatGib(row.sizeBytes),
              sortBy: (row) => row.sizeBytes,
            },
            {
              id: 'decode',
              title: 'Decode, t/s',
              isNumeric: true,
              render: (row) => <EstimateText estimate={row.decodeTps} />,
              sortBy: (row) => row.decodeTps?.median ?? null,
            },
          ]}
        />
      )}
    >
      <ChartCanvas draw={draw} label={`${caption} ${words}.`} heightRem={21} />
    </ChartFigure>
  );
};
