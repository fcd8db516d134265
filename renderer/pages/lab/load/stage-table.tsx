import type { LoadStage, LoadSummary } from '../../../../shared/contract/load.ts';
import { commonMarks } from '../../../../shared/units/events-as-tokens.ts';
import { formatCount, formatFigure } from '../../../../shared/units/format.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { MetricName } from '../../../ui/metric-name.tsx';
import { TrustBadge } from '../../../ui/trust-badge.tsx';
import { Unknown } from '../../../ui/unknown.tsx';

const figure = (value: number | null | undefined, reason: string) =>
  value === null || value === undefined ? <Unknown reason={reason} /> : formatFigure(value);

const fewReason = ({ summary }: LoadStage, needed: number): string =>
  `needs ${needed} answered requests, has ${summary?.finished ?? 0}`;

const goodShare = (summary: LoadSummary | null): number | null =>
  summary?.goodput === null || summary === null || summary.goodput.attempted === 0
    ? null
    : (summary.goodput.good / summary.goodput.attempted) * 100;

const columnsOf = (marks: ReturnType<typeof commonMarks>): readonly Column<LoadStage>[] => [
  { id: 'name', title: 'Stage', isRowHeader: true, render: ({ name }) => name },
  {
    id: 'requests',
    title: 'Answered',
    isNumeric: true,
    render: ({ summary, state }) =>
      summary === null ? state : `${formatCount(summary.finished)} of ${formatCount(summary.attempted)}`,
    sortBy: ({ summary }) => summary?.finished ?? null,
  },
  {
    id: 'ttft',
    title: 'TTFT p50 ms',
    head: <MetricName metric="ttftMs" label="TTFT p50" withUnit />,
    isNumeric: true,
    render: (stage) => figure(stage.summary?.ttftScheduledMs.p50, fewReason(stage, 6)),
    sortBy: ({ summary }) => summary?.ttftScheduledMs.p50 ?? null,
  },
  {
    id: 'ttft95',
    title: 'TTFT p95 ms',
    isNumeric: true,
    render: (stage) => figure(stage.summary?.ttftScheduledMs.p95, fewReason(stage, 72)),
    sortBy: ({ summary }) => summary?.ttftScheduledMs.p95 ?? null,
  },
  {
    id: 'tpot',
    title: `TPOT p50 ms${marks.tpot}`,
    head: <MetricName metric="tpotMs" label={`TPOT p50${marks.tpot}`} withUnit />,
    isNumeric: true,
    render: (stage) => figure(stage.summary?.tpotMs.p50, fewReason(stage, 6)),
    sortBy: ({ summary }) => summary?.tpotMs.p50 ?? null,
  },
  {
    id: 'system',
    title: `System t/s${marks.tps}`,
    head: (
      <>
        <MetricName metric="systemTps" withUnit />
        {marks.tps}
      </>
    ),
    isNumeric: true,
    render: ({ summary }) => figure(summary?.systemTps, 'no time in which all users were at work'),
    sortBy: ({ summary }) => summary?.systemTps ?? null,
  },
  {
    id: 'rate',
    title: 'Requests per second',
    head: <MetricName metric="requestsPerSecond" withUnit />,
    isNumeric: true,
    render: ({ summary }) => figure(summary?.requestsPerSecond, 'nothing was answered'),
    sortBy: ({ summary }) => summary?.requestsPerSecond ?? null,
  },
  {
    id: 'goodput',
    title: 'Goodput %',
    isNumeric: true,
    render: ({ summary }) => figure(goodShare(summary), 'no service level was asked for'),
    sortBy: ({ summary }) => goodShare(summary),
  },
  {
    id: 'waiting',
    title: 'Waiting',
    render: ({ summary }) => (summary === null ? '' : summary.isOverSaturated ? '▲ keeps rising' : 'steady'),
  },
  { id: 'trust', title: 'Trust', render: ({ trust }) => <TrustBadge trust={trust} /> },
];

/** Stage beside stage: what more load costs. */
export const StageTable = ({ stages }: { readonly stages: readonly LoadStage[] }) => (
  <DataTable
    label="Stages"
    columns={columnsOf(commonMarks(stages.map(({ summary }) => summary)))}
    rows={stages}
    rowKey={({ index }) => String(index)}
  />
);
