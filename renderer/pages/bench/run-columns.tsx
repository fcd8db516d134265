import type { RunSummary } from '../../../shared/contract/bench.ts';
import { formatAgo, formatCount, formatFigure } from '../../../shared/units/format.ts';
import { formatRoute, type Route } from '../../router/route.ts';
import type { Column } from '../../ui/data-table.tsx';
import { MetricName } from '../../ui/metric-name.tsx';
import { TrustBadge } from '../../ui/trust-badge.tsx';
import { Unknown } from '../../ui/unknown.tsx';
import { RunStateText } from './run-state-text.tsx';
import classes from './run-columns.module.css';

const placeOf = (run: RunSummary): Route =>
  run.importedFrom === null
    ? { page: 'run', runId: run.id, view: 'comparison' }
    : { page: 'imported', runId: run.id };

/** The columns of every list of runs. */
export const runColumns = (nowMs: number): readonly Column<RunSummary>[] => [
  {
    id: 'name',
    title: 'Run',
    isRowHeader: true,
    render: (run) => (
      <a className={classes.name} href={formatRoute(placeOf(run))}>
        {run.name}
      </a>
    ),
    sortBy: (run) => run.name,
  },
  {
    id: 'state',
    title: 'State',
    render: (run) => (run.importedFrom === null ? <RunStateText state={run.state} /> : 'imported'),
  },
  {
    id: 'when',
    title: 'Started',
    render: (run) => (
      <span title={new Date(run.createdAtMs).toLocaleString()}>{formatAgo(run.createdAtMs, nowMs)}</span>
    ),
    sortBy: (run) => -run.createdAtMs,
  },
  { id: 'preset', title: 'Preset', render: (run) => run.preset, sortBy: (run) => run.preset },
  {
    id: 'models',
    title: 'Files',
    isNumeric: true,
    render: (run) => formatCount(run.modelIds.length),
    sortBy: (run) => run.modelIds.length,
  },
  {
    id: 'best',
    title: 'Best decode',
    head: <MetricName metric="decodeTps" label="Best decode" withUnit />,
    isNumeric: true,
    render: (run) =>
      run.bestDecodeTps === null ? (
        <Unknown reason="no decode test has finished" />
      ) : (
        <span title={run.bestModelId ?? ''}>{formatFigure(run.bestDecodeTps)}</span>
      ),
    sortBy: (run) => run.bestDecodeTps,
  },
  {
    id: 'trust',
    title: 'Trust',
    head: <MetricName metric="trust" />,
    render: (run) => <TrustBadge trust={run.trust} />,
  },
];
