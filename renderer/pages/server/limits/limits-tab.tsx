import { usePoll } from '../../../live/use-poll.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { ServerFrame } from '../server-frame.tsx';
import { limitRows } from './limit-rows.ts';
import { LimitTable } from './limit-table.tsx';

/** Often enough to see a bucket drain and refill. */
const POLL_MS = 2_000;

/** How often and how much: of the server, each tenant, each key, and each key for a model. */
export const LimitsTab = () => {
  const { queries } = useServices();
  const serverLimits = useQuery(queries.serverLimits());
  const tenants = useQuery(queries.tenants());
  const keys = useQuery(queries.keys());
  const uses = useQuery(queries.limitUse());
  usePoll(uses.poll, POLL_MS);
  return (
    <ServerFrame
      tab="limits"
      lead="A request needs room in every limit above it: its key’s, its key’s for the model, its tenant’s and the server’s. One that finds none costs nothing and is told when to come again. A minute’s worth may be used at once and is refilled evenly."
    >
      <Panel title="Limits" isFlush>
        <QueryView query={serverLimits} what="the limits">
          {(server) => (
            <QueryView query={tenants} what="the tenants">
              {(allTenants) => (
                <QueryView query={keys} what="the keys">
                  {(allKeys) => (
                    <LimitTable
                      rows={limitRows(server, allTenants, allKeys)}
                      uses={uses.data ?? []}
                      keys={allKeys}
                    />
                  )}
                </QueryView>
              )}
            </QueryView>
          )}
        </QueryView>
      </Panel>
    </ServerFrame>
  );
};
