import type { Change, Delta, ReportDiff } from '../../../../shared/contract/report.ts';
import { deltaVerdict, groupTitles, nothingChanged, ratioText } from '../../../../shared/units/diff-text.ts';
import { formatFigure, UNKNOWN } from '../../../../shared/units/format.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import classes from './what-changed.module.css';

const changeColumns: readonly Column<Change>[] = [
  { id: 'what', title: 'What', render: ({ group }) => groupTitles[group] },
  {
    id: 'name',
    title: 'Name',
    isRowHeader: true,
    render: ({ name, model }) => (model === null ? name : `${name}, ${model}`),
  },
  { id: 'a', title: 'A', render: ({ a }) => <span className={classes.value}>{a ?? UNKNOWN}</span> },
  { id: 'b', title: 'B', render: ({ b }) => <span className={classes.value}>{b ?? UNKNOWN}</span> },
];

const deltaColumns: readonly Column<Delta>[] = [
  { id: 'test', title: 'Test', render: ({ test }) => <span className="mono">{test}</span> },
  {
    id: 'metric',
    title: 'Metric',
    isRowHeader: true,
    render: ({ metric, unit, model }) => (
      <>
        {metric} <span className="muted">{unit}</span>
        <span className={classes.model}>{model}</span>
      </>
    ),
  },
  {
    id: 'a',
    title: 'A',
    isNumeric: true,
    render: ({ a, nA }) => <span title={`n ${nA ?? UNKNOWN}`}>{formatFigure(a)}</span>,
  },
  {
    id: 'b',
    title: 'B',
    isNumeric: true,
    render: ({ b, nB }) => <span title={`n ${nB ?? UNKNOWN}`}>{formatFigure(b)}</span>,
  },
  { id: 'ratio', title: 'B over A', render: ratioText },
  {
    id: 'verdict',
    title: 'Verdict',
    render: (delta) => {
      const { shape, text, tone } = deltaVerdict(delta);
      return (
        <span className={classes.verdict} data-tone={tone}>
          {shape} {text}
        </span>
      );
    },
  },
];

/** The causes first, then every figure both have. */
export const DiffView = ({ diff }: { readonly diff: ReportDiff }) => (
  <>
    <Panel title="What changed from A to B" isFlush>
      <p className={classes.legend}>
        A: {diff.a.title}. B: {diff.b.title}.
      </p>
      {diff.changes.length === 0 ? (
        <EmptyState text={nothingChanged(diff)} />
      ) : (
        <DataTable
          label="What changed"
          columns={changeColumns}
          rows={diff.changes}
          rowKey={({ group, name, model }) => `${group} ${name} ${model ?? ''}`}
        />
      )}
      {diff.remarks.map((remark) => (
        <p key={remark} className={classes.remark}>
          {remark}
        </p>
      ))}
    </Panel>
    {diff.deltas.length === 0 ? null : (
      <Panel title="Every figure that both have" isFlush>
        <DataTable
          label="Figures of A and B"
          columns={deltaColumns}
          rows={diff.deltas}
          rowKey={({ model, ladder, test, metric }) => `${model} ${ladder} ${test} ${metric}`}
        />
      </Panel>
    )}
  </>
);

/** Between exactly two runs: the causes first, then every figure both have. */
export const WhatChanged = ({ a, b }: { readonly a: string; readonly b: string }) => {
  const { queries } = useServices();
  const diff = useQuery(queries.diff(a, b));
  return (
    <QueryView query={diff} what="what changed">
      {(data) => <DiffView diff={data} />}
    </QueryView>
  );
};
