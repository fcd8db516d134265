import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { ServerFrame } from '../server-frame.tsx';
import { TenantTable } from './tenant-table.tsx';

/** Groups that share a server and do not see each other: their projects and their limits. */
export const TenantsTab = () => {
  const { dialogs, queries } = useServices();
  const tenants = useQuery(queries.tenants());
  return (
    <ServerFrame
      tab="tenants"
      lead="A tenant is a group with limits, budgets and an audit log of its own; its projects tell its keys apart in usage. Suspend one to stop all its keys for a while; one that is removed is gone for good, but usage goes on naming it."
      actions={
        <Button
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => dialogs.open({ type: 'new-tenant' })}
        >
          New tenant
        </Button>
      }
    >
      <Panel title="Tenants" isFlush>
        <QueryView query={tenants} what="the tenants">
          {(all) => (
            <>
              <TenantTable tenants={all} />
              {all.length === 1 ? (
                <EmptyState text="One tenant is enough for one person or one team. Make another for people whose keys, usage and limits must stay apart." />
              ) : null}
            </>
          )}
        </QueryView>
      </Panel>
    </ServerFrame>
  );
};
