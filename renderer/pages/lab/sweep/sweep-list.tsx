import type { Sweep } from '../../../../shared/contract/sweep.ts';
import { formatAgo } from '../../../../shared/units/format.ts';
import { useNow } from '../../../live/use-now.ts';
import { useQuery } from '../../../live/use-query.ts';
import { formatRoute } from '../../../router/route.ts';
import { useServices } from '../../../services-context.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';

const columnsAt = (nowMs: number): readonly Column<Sweep>[] => [
  {
    id: 'model',
    title: 'Model',
    isRowHeader: true,
    render: ({ id, modelId }) => (
      <a href={formatRoute({ page: 'lab', tab: 'sweep', itemId: id })}>{modelId}</a>
    ),
    sortBy: ({ modelId }) => modelId,
  },
  {
    id: 'when',
    title: 'When',
    render: ({ createdAtMs }) => formatAgo(createdAtMs, nowMs),
    sortBy: ({ createdAtMs }) => createdAtMs,
  },
  { id: 'state', title: 'State', render: ({ state }) => state.type, sortBy: ({ state }) => state.type },
  {
    id: 'candidates',
    title: 'Candidates',
    isNumeric: true,
    render: ({ candidates }) => candidates.length,
    sortBy: ({ candidates }) => candidates.length,
  },
  { id: 'result', title: 'Result', render: ({ sentence }) => sentence ?? '' },
];

/** What was found before. */
export const SweepList = () => {
  const { queries } = useServices();
  const sweeps = useQuery(queries.sweeps());
  const nowMs = useNow(60_000);
  return (
    <QueryView query={sweeps} what="the sweeps">
      {(list) =>
        list.length === 0 ? (
          <EmptyState text="No sweep was made yet." />
        ) : (
          <Panel title="Sweeps" isFlush>
            <DataTable label="Sweeps" columns={columnsAt(nowMs)} rows={list} rowKey={({ id }) => id} />
          </Panel>
        )
      }
    </QueryView>
  );
};
