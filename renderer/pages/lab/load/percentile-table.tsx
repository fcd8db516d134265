import type { LoadSummary } from '../../../../shared/contract/load.ts';
import type { Percentiles } from '../../../../shared/contract/percentiles.ts';
import { formatCount, formatFigure } from '../../../../shared/units/format.ts';
import { percentileColumns } from '../../../../shared/units/percentile-columns.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { MetricName } from '../../../ui/metric-name.tsx';
import { Unknown } from '../../../ui/unknown.tsx';

interface Row {
  readonly id: string;
  readonly metric: 'ttftMs' | 'ttfaMs' | 'tpotMs' | 'chunkGapMs' | 'e2eMs';
  readonly label?: string;
  readonly values: Percentiles;
}

const columnsFor = (rows: readonly Row[]): readonly Column<Row>[] => [
  {
    id: 'metric',
    title: 'ms',
    isRowHeader: true,
    render: ({ metric, label }) => (
      <MetricName metric={metric} {...(label !== undefined && { label })} withUnit />
    ),
  },
  ...percentileColumns(rows.map(({ values }) => values)).map(({ id, head, needed }): Column<Row> => ({
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
  const rows: readonly Row[] = [
    ...(summary.schedule === null
      ? []
      : [
          {
            id: 'ttft-s',
            metric: 'ttftMs',
            label: 'TTFT (scheduled)',
            values: summary.ttftScheduledMs,
          } as const,
          {
            id: 'e2e-s',
            metric: 'e2eMs',
            label: 'End to end (scheduled)',
            values: summary.e2eScheduledMs,
          } as const,
        ]),
    { id: 'ttft', metric: 'ttftMs', values: summary.ttftMs },
    { id: 'ttfa', metric: 'ttfaMs', values: summary.ttfaMs },
    { id: 'tpot', metric: 'tpotMs', values: summary.tpotMs },
    { id: 'gap', metric: 'chunkGapMs', values: summary.chunkGapMs },
    { id: 'e2e', metric: 'e2eMs', values: summary.e2eMs },
  ];
  return <DataTable label="Latencies" columns={columnsFor(rows)} rows={rows} rowKey={({ id }) => id} />;
};
