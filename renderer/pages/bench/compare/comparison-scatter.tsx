import { useMemo } from 'react';
import type { ComparisonRow } from '../../../../shared/contract/bench.ts';
import { formatFigure, formatGib } from '../../../../shared/units/format.ts';
import { ChartCanvas } from '../../../charts/chart-canvas.tsx';
import { ChartFigure } from '../../../charts/chart-figure.tsx';
import { drawScatterChart, type ScatterSpec } from '../../../charts/scatter-chart.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EstimateText } from '../../../ui/estimate-text.tsx';
import { nameOfRow } from './row-name.ts';

interface ComparisonScatterProps {
  readonly rows: readonly ComparisonRow[];
  /** Keep it stable: the chart is drawn anew when it changes. */
  readonly spec: ScatterSpec;
  readonly caption: string;
  readonly xUnit: string;
  /** Columns of the table beside type, decode and size. */
  readonly columns: readonly Column<ComparisonRow>[];
}

/** Decode speed of the compared files over something they cost: chart, words for it, and the same as a table. */
export const ComparisonScatter = ({ rows, spec, caption, xUnit, columns }: ComparisonScatterProps) => {
  const draw = useMemo(() => drawScatterChart(spec), [spec]);
  const words = spec.points
    .map((point) => `${point.label}: ${formatFigure(point.y)} t/s at ${formatFigure(point.x)} ${xUnit}`)
    .join('; ');
  return (
    <ChartFigure
      caption={caption}
      legend={[]}
      table={() => (
        <DataTable
          label={caption}
          rows={rows}
          rowKey={(row) => `${row.runId} ${row.modelId}`}
          columns={[
            { id: 'type', title: 'Type', isRowHeader: true, render: nameOfRow },
            ...columns,
            {
              id: 'decode',
              title: 'Decode, t/s',
              isNumeric: true,
              render: (row) => <EstimateText estimate={row.decodeTps} />,
              sortBy: (row) => row.decodeTps?.median ?? null,
            },
            {
              id: 'size',
              title: 'Size, GiB',
              isNumeric: true,
              render: (row) => formatGib(row.sizeBytes),
              sortBy: (row) => row.sizeBytes,
            },
          ]}
        />
      )}
    >
      <ChartCanvas draw={draw} label={`${caption} ${words}.`} heightRem={21} />
    </ChartFigure>
  );
};
