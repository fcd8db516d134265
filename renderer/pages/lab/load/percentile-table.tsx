import type { LoadSummary } from '../../../../shared/contract/load.ts';
import { formatCount, formatFigure } from '../../../../shared/units/format.ts';
import { latencyRows, type LatencyRow } from '../../../../shared/units/load-latencies.ts';
import { percentileColumns } from '../../../../shared/units/percentile-columns.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { MetricName } from '../../../ui/metric-name.tsx';
import { Unknown } from '../../../ui/unknown.tsx';

const columnsFor = (rows: readonly LatencyRow[]): readonly Column<LatencyRow>[] => [
  {
    id: 'metric',
    title: 'ms',
    isRowHeader: true,
    render: ({ metric, label }) => <MetricName metric={metric} label={label} withUnit />,
  },
  ...percentileColumns(rows.map(({ values }) => values)).map(({ id, head, needed }): Column<LatencyRow> => ({
    id,
    title: head,
    isNumeric: true,
    render: ({ values }) =>
      values[id] === null ? (
        <Unknown
          reason={`needs ${formatCount(needed)} values, has ${formatCount(values.n)}: below that it has no interval`}
        />
      ) : (
        formatFigure(values[id])
      ),
  })),
  {
    id: 'max',
    title: 'max',
    isNumeric: true,
    render: ({ values }) => (values.max === null ? <Unknown reason="no value" /> : formatFigure(values.max)),
  },
  { id: 'n', title: 'n', isNumeric: true, render: ({ values }) => formatCount(values.n) },
];

/** Latencies of a stage; from the intended send first where there was a schedule. */
export const PercentileTable = ({ summary }: { readonly summary: LoadSummary }) => {
  const rows = latencyRows(summary);
  return <DataTable label="Latencies" columns={columnsFor(rows)} rows={rows} rowKey={({ id }) => id} />;
};
