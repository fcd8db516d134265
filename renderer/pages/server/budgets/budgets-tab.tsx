import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { usePoll } from '../../../live/use-poll.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { ServerFrame } from '../server-frame.tsx';
import { AlertPanel } from './alert-panel.tsx';
import { BudgetTable } from './budget-table.tsx';

/** As often as the host reads what is used. */
const POLL_MS = 2_000;

/** What tenants and keys may use in a window, and how much of it they have. */
export const BudgetsTab = () => {
  const { dialogs, queries } = useServices();
  const budgets = useQuery(queries.budgets());
  const tenants = useQuery(queries.tenants()).data ?? [];
  const keys = useQuery(queries.keys()).data ?? [];
  usePoll(budgets.poll, POLL_MS);
  return (
    <ServerFrame
      tab="budgets"
      lead="What a tenant or a key may use in an hour, day, week, month or year of the calendar, in tokens or in money. When a share of it is used, that is told once; past it, requests are refused."
      actions={
        <Button
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => dialogs.open({ type: 'new-budget' })}
        >
          New budget
        </Button>
      }
    >
      <Panel title="Budgets" isFlush>
        <QueryView query={budgets} what="the budgets">
          {(all) =>
            all.length === 0 ? (
              <EmptyState
                text="No budget is set: keys may use as much as their limits let through. A budget holds what comes together over days."
                action={
                  <Button onClick={() => dialogs.open({ type: 'new-budget' })}>Set the first budget</Button>
                }
              />
            ) : (
              <BudgetTable uses={all} tenants={tenants} keys={keys} />
            )
          }
        </QueryView>
      </Panel>
      <AlertPanel />
    </ServerFrame>
  );
};
