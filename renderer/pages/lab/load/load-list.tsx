import type { LoadRun } from '../../../../shared/contract/load.ts';
import { formatAgo } from '../../../../shared/units/format.ts';
import { useNow } from '../../../live/use-now.ts';
import { useQuery } from '../../../live/use-query.ts';
import { formatRoute } from '../../../router/route.ts';
import { useServices } from '../../../services-context.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { TrustBadge } from '../../../ui/trust-badge.tsx';

const columnsAt = (nowMs: number): readonly Column<LoadRun>[] => [
  {
    id: 'name',
    title: 'Run',
    isRowHeader: true,
    render: ({ id, name }) => <a href={formatRoute({ page: 'lab', tab: 'load', itemId: id })}>{name}</a>,
    sortBy: ({ name }) => name,
  },
  {
    id: 'when',
    title: 'When',
    render: ({ createdAtMs }) => formatAgo(createdAtMs, nowMs),
    sortBy: ({ createdAtMs }) => createdAtMs,
  },
  { id: 'state', title: 'State', render: ({ state }) => state.type, sortBy: ({ state }) => state.type },
  {
    id: 'stages',
    title: 'Stages',
    isNumeric: true,
    render: ({ stages }) => stages.length,
    sortBy: ({ stages }) => stages.length,
  },
  { id: 'trust', title: 'Trust', render: ({ trust }) => <TrustBadge trust={trust} /> },
  { id: 'finding', title: 'Found', render: ({ finding }) => finding ?? '' },
];

/** What was measured before. */
export const LoadList = () => {
  const { queries } = useServices();
  const runs = useQuery(queries.loads());
  const nowMs = useNow(60_000);
  return (
    <QueryView query={runs} what="the load runs">
      {(list) =>
        list.length === 0 ? (
          <EmptyState text="No load was run yet: choose a shape and press Start." />
        ) : (
          <Panel title="Load runs" isFlush>
            <DataTable label="Load runs" columns={columnsAt(nowMs)} rows={list} rowKey={({ id }) => id} />
          </Panel>
        )
      }
    </QueryView>
  );
};
