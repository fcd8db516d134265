import { useMemo } from 'react';
import type { Comparison } from '../../../../shared/contract/bench.ts';
import { formatFigure, formatGib } from '../../../../shared/units/format.ts';
import { ChartCanvas } from '../../../charts/chart-canvas.tsx';
import { ChartFigure } from '../../../charts/chart-figure.tsx';
import { drawScatterChart } from '../../../charts/scatter-chart.ts';
import { DataTable } from '../../../ui/data-table.tsx';
import { EstimateText } from '../../../ui/estimate-text.tsx';
import { FigureText } from '../../../ui/figure-text.tsx';
import { kldSpeedSpec, memoryWords } from './kld-speed.ts';

interface KldSpeedFigureProps {
  readonly comparison: Comparison;
  readonly availableBytes: number | null;
}

/** The trade-off a quantization is: up is faster, left is nearer to the unquantized file. */
export const KldSpeedFigure = ({ comparison, availableBytes }: KldSpeedFigureProps) => {
  const spec = useMemo(() => kldSpeedSpec(comparison, availableBytes), [comparison, availableBytes]);
  const draw = useMemo(() => drawScatterChart(spec), [spec]);
  const caption = `Decode speed of the engine over mean KL divergence from the unquantized file; area = file size, bars from the slowest to the fastest repetition, the dotted line joins the files that none beats in both, a cross is beaten. ${memoryWords(comparison, availableBytes)}`;
  const words = spec.points
    .map((point) => `${point.label}: ${formatFigure(point.y)} t/s at ${formatFigure(point.x)} nats`)
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
              id: 'kld',
              title: 'KLD, nats',
              isNumeric: true,
              render: (row) => <FigureText figure={row.quality?.kld} n={row.quality?.n} />,
              sortBy: (row) => row.quality?.kld.value ?? null,
            },
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
