import { Select } from '@mantine/core';
import { useState } from 'react';
import type { BenchRun } from '../../../../shared/contract/bench.ts';
import { formatCount, formatFigure } from '../../../../shared/units/format.ts';
import { useQuery } from '../../../live/use-query.ts';
import type { Client } from '../../../transport/client.ts';
import { useServices } from '../../../services-context.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Explained } from '../../../ui/explained.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { MetricName } from '../../../ui/metric-name.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { Unknown } from '../../../ui/unknown.tsx';

type Sample = Awaited<ReturnType<Client['bench']['samples']>>[number];

/** More rows than this make a page slow; the JSON report holds all. */
const SHOWN = 500;

const figure = (value: number | null, isOutlier: boolean) => {
  if (value === null) return <Unknown reason="the request ended before" />;
  if (!isOutlier) return formatFigure(value);
  return (
    <Explained reason="outlier: far from the other requests of this measurement (modified z-score over 3.5); it is counted all the same">
      ◆ {formatFigure(value)}
    </Explained>
  );
};

const columns: readonly Column<Sample>[] = [
  {
    id: 'repetition',
    title: 'Rep.',
    isNumeric: true,
    render: (sample) => formatCount(sample.repetition),
    sortBy: (sample) => sample.repetition,
  },
  {
    id: 'stream',
    title: 'Stream',
    isNumeric: true,
    render: (sample) => formatCount(sample.stream),
    sortBy: (sample) => sample.stream,
  },
  {
    id: 'kind',
    title: 'Kind',
    render: (sample) => (sample.isWarmup ? 'warm-up' : 'measured'),
    sortBy: (sample) => Number(sample.isWarmup),
  },
  {
    id: 'ttft',
    title: 'TTFT',
    head: <MetricName metric="ttftMs" withUnit />,
    isNumeric: true,
    render: (sample) => figure(sample.firstTokenMs, sample.outliers.includes('ttftMs')),
    sortBy: (sample) => sample.firstTokenMs,
  },
  {
    id: 'e2e',
    title: 'End to end',
    head: <MetricName metric="e2eMs" withUnit />,
    isNumeric: true,
    render: (sample) => figure(sample.lastTokenMs, sample.outliers.includes('e2eMs')),
    sortBy: (sample) => sample.lastTokenMs,
  },
  {
    id: 'prompt',
    title: 'Prompt tokens',
    isNumeric: true,
    render: (sample) => formatCount(sample.promptTokens),
    sortBy: (sample) => sample.promptTokens,
  },
  {
    id: 'cached',
    title: 'Cached',
    isNumeric: true,
    render: (sample) => formatCount(sample.cachedTokens),
    sortBy: (sample) => sample.cachedTokens,
  },
  {
    id: 'output',
    title: 'Output tokens',
    isNumeric: true,
    render: (sample) => formatCount(sample.outputTokens),
    sortBy: (sample) => sample.outputTokens,
  },
  { id: 'asked', title: 'Asked', isNumeric: true, render: (sample) => formatCount(sample.askedTokens) },
  {
    id: 'finish',
    title: 'Ended by',
    isRowHeader: true,
    render: (sample) => sample.error?.message ?? sample.finishReason ?? '—',
  },
];

/** Every request of the API ladder, as the driver saw it. */
export const SampleTable = ({ run }: { readonly run: BenchRun }) => {
  const { queries } = useServices();
  const samples = useQuery(queries.samples(run.id));
  const cells = run.cells.filter((cell) => cell.ladder === 'api');
  const [cellId, setCellId] = useState(cells[0]?.id ?? null);
  const typeOf = (modelId: string): string =>
    run.models.find((model) => model.modelId === modelId)?.quantization ?? modelId;
  return (
    <Panel
      title="Requests, raw"
      isFlush
      actions={
        cells.length === 0 ? undefined : (
          <Select
            size="xs"
            w="16rem"
            aria-label="Measurement"
            data={cells.map((cell) => ({ value: cell.id, label: `${typeOf(cell.modelId)} ${cell.test}` }))}
            value={cellId}
            onChange={setCellId}
          />
        )
      }
    >
      <QueryView query={samples} what="the raw samples">
        {(all) => {
          const rows = all.filter((sample) => sample.cellId === cellId);
          const outliers = rows.filter((sample) => sample.outliers.length > 0).length;
          return rows.length === 0 ? (
            <EmptyState text="No request belongs to this measurement. The engine ladder makes none: its repetitions are in Measurements." />
          ) : (
            <>
              <DataTable
                label="Requests"
                columns={columns}
                rows={rows.slice(0, SHOWN)}
                rowKey={(sample) => `${sample.repetition} ${sample.stream} ${sample.index}`}
              />
              {outliers === 0 ? null : (
                <EmptyState
                  text={`◆ ${formatCount(outliers)} of ${formatCount(rows.length)} requests lie far from the others (modified z-score over 3.5). None is left out.`}
                />
              )}
              {rows.length > SHOWN ? (
                <EmptyState
                  text={`${formatCount(SHOWN)} of ${formatCount(rows.length)} requests are shown; the JSON report holds all.`}
                />
              ) : null}
            </>
          );
        }}
      </QueryView>
    </Panel>
  );
};
