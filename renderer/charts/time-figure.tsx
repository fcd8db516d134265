import { useMemo } from 'react';
import { formatFigure } from '../../shared/units/format.ts';
import { DataTable } from '../ui/data-table.tsx';
import { ChartCanvas } from './chart-canvas.tsx';
import { ChartFigure } from './chart-figure.tsx';
import { decimate } from './decimate.ts';
import { drawTimeChart } from './time-chart.ts';
import { chartHeightRem, type TimeChartSpec } from './time-spec.ts';

interface TimeFigureProps {
  readonly caption: string;
  readonly spec: TimeChartSpec;
  readonly subscribe?: ((act: () => void) => () => void) | undefined;
}

/** Rows of the table view: enough to read the course, few enough to read at all. */
const TABLE_ROWS = 120;

const TimeTable = ({ spec, caption }: { readonly spec: TimeChartSpec; readonly caption: string }) => {
  const rows = spec.series.flatMap((series, order) =>
    decimate(
      series.points().filter((point) => point.y !== null),
      TABLE_ROWS,
    ).map((point, index) => ({ key: `${order} ${index}`, series, x: point.x, y: point.y })),
  );
  const phases = spec.phases?.();
  const phaseAt = (x: number): string =>
    phases?.find(({ fromX, toX }) => x >= fromX && x <= toX)?.label ?? '';
  return (
    <DataTable
      label={caption}
      rows={rows}
      rowKey={(row) => row.key}
      initialSorting={{ columnId: 'x', isDescending: true }}
      columns={[
        {
          id: 'x',
          title: spec.xTitle,
          isNumeric: true,
          render: (row) => spec.xTick(row.x),
          sortBy: (row) => row.x,
        },
        {
          id: 'series',
          title: 'Series',
          render: (row) => row.series.label,
          sortBy: (row) => row.series.label,
          isRowHeader: true,
        },
        {
          id: 'y',
          title: 'Value',
          isNumeric: true,
          render: (row) => formatFigure(row.y),
          sortBy: (row) => row.y,
        },
        { id: 'unit', title: 'Unit', render: (row) => row.series.unit },
        ...(phases === undefined
          ? []
          : [{ id: 'phase', title: 'Phase', render: (row: { readonly x: number }) => phaseAt(row.x) }]),
      ]}
    />
  );
};

/** A time chart with caption, legend and table. `spec` must keep its identity while the chart shall live. */
export const TimeFigure = ({ caption, spec, subscribe }: TimeFigureProps) => {
  const draw = useMemo(() => drawTimeChart(spec), [spec]);
  return (
    <ChartFigure
      caption={caption}
      legend={spec.legend}
      table={() => <TimeTable spec={spec} caption={caption} />}
    >
      <ChartCanvas draw={draw} subscribe={subscribe} label={caption} heightRem={chartHeightRem(spec)} />
    </ChartFigure>
  );
};
