import type { BenchRun, Cell } from '../../../../shared/contract/bench.ts';
import { formatFigure, formatGib } from '../../../../shared/units/format.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EstimateText } from '../../../ui/estimate-text.tsx';
import { Explained } from '../../../ui/explained.tsx';
import { MetricName } from '../../../ui/metric-name.tsx';
import { TrustBadge } from '../../../ui/trust-badge.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import { TestName } from '../test-name.tsx';
import { headlineOf } from '../cell-headline.ts';
import classes from './cell-table.module.css';

const MetricOf = ({ cell }: { readonly cell: Cell }) => {
  const headline = headlineOf(cell);
  return headline === undefined ? null : <MetricName metric={headline.metric} withUnit />;
};

const Headline = ({ cell }: { readonly cell: Cell }) => {
  const headline = headlineOf(cell);
  if (headline === undefined) {
    return cell.error === null ? (
      <Unknown reason={`this measurement was ${cell.state}`} />
    ) : (
      <Explained reason={`${cell.error.message} ${cell.error.hint ?? ''}`} className={classes.failed}>
        failed
      </Explained>
    );
  }
  return <EstimateText estimate={headline.estimate} />;
};

const Percentile = ({ cell, which }: { readonly cell: Cell; readonly which: 'p50' | 'p90' | 'p99' }) => {
  const percentiles = cell.percentiles.ttftMs;
  if (percentiles === undefined)
    return (
      <Unknown
        reason={cell.ladder === 'engine' ? 'the engine ladder has no requests' : 'no request finished'}
      />
    );
  const value = percentiles[which];
  return value === null ? (
    <Unknown reason={`n ${percentiles.n} is too small for this percentile`} />
  ) : (
    <Explained reason={`over ${percentiles.n} requests`}>{formatFigure(value)}</Explained>
  );
};

const columnsFor = (run: BenchRun): readonly Column<Cell>[] => {
  const quantization = new Map(run.models.map((model) => [model.modelId, model.quantization]));
  const typeOf = (cell: Cell): string => quantization.get(cell.modelId) ?? cell.modelId;
  return [
    {
      id: 'type',
      title: 'Type',
      render: (cell) => <span className="mono">{typeOf(cell)}</span>,
      sortBy: typeOf,
    },
    {
      id: 'test',
      title: 'Test',
      isRowHeader: true,
      render: (cell) => <TestName of={cell} />,
      sortBy: ({ ladder, test }) => `${ladder} ${test}`,
    },
    { id: 'metric', title: 'Measures', render: (cell) => <MetricOf cell={cell} /> },
    { id: 'headline', title: 'Headline', isNumeric: true, render: (cell) => <Headline cell={cell} /> },
    {
      id: 'trust',
      title: 'Trust',
      head: <MetricName metric="trust" />,
      render: (cell) => <TrustBadge trust={cell.trust} />,
    },
    {
      id: 'ttft50',
      title: 'TTFT p50',
      head: <MetricName metric="ttftMs" label="TTFT p50" withUnit />,
      isNumeric: true,
      render: (cell) => <Percentile cell={cell} which="p50" />,
      sortBy: (cell) => cell.percentiles.ttftMs?.p50 ?? null,
    },
    {
      id: 'ttft90',
      title: 'TTFT p90, ms',
      isNumeric: true,
      render: (cell) => <Percentile cell={cell} which="p90" />,
      sortBy: (cell) => cell.percentiles.ttftMs?.p90 ?? null,
    },
    {
      id: 'cpu',
      title: 'CPU per wall',
      head: <MetricName metric="cpuPerWall" />,
      isNumeric: true,
      render: (cell) =>
        cell.cpuPerWall === null ? (
          <Unknown reason="the system did not tell the process's CPU time" />
        ) : (
          formatFigure(cell.cpuPerWall)
        ),
      sortBy: (cell) => cell.cpuPerWall,
    },
    {
      id: 'memory',
      title: 'Memory',
      head: <MetricName metric="peakResidentBytes" withUnit />,
      isNumeric: true,
      render: (cell) =>
        cell.peakResidentBytes === null ? (
          <Unknown reason="the system did not tell the process's memory" />
        ) : (
          formatGib(cell.peakResidentBytes)
        ),
      sortBy: (cell) => cell.peakResidentBytes,
    },
  ];
};

/** Every cell of the run: both ladders, named as what they are. */
export const CellTable = ({ run }: { readonly run: BenchRun }) => (
  <DataTable label="Measurements" columns={columnsFor(run)} rows={run.cells} rowKey={(cell) => cell.id} />
);
