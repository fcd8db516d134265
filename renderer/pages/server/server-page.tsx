import type { ComponentType } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { AuditTab } from './audit/audit-tab.tsx';
import { BudgetsTab } from './budgets/budgets-tab.tsx';
import { CompatTab } from './compat/compat-tab.tsx';
import { CostsTab } from './costs/costs-tab.tsx';
import { KeysTab } from './keys/keys-tab.tsx';
import { LimitsTab } from './limits/limits-tab.tsx';
import { OverviewTab } from './overview/overview-tab.tsx';
import { PlaygroundTab } from './playground/playground-tab.tsx';
import { TenantsTab } from './tenants/tenants-tab.tsx';
import { UsageTab } from './usage/usage-tab.tsx';

/** What each tab shows: a component that renders a `ServerFrame` with its own actions. */
const tabPages: Readonly<Record<string, ComponentType>> = {
  overview: OverviewTab,
  playground: PlaygroundTab,
  keys: KeysTab,
  tenants: TenantsTab,
  limits: LimitsTab,
  budgets: BudgetsTab,
  audit: AuditTab,
  usage: UsageTab,
  costs: CostsTab,
  compat: CompatTab,
};

/** The local OpenAI-compatible server and all that manages it. */
export const ServerPage = ({ tab }: { readonly tab: string }) => {
  const TabPage = tabPages[tab];
  if (TabPage !== undefined) return <TabPage />;
  return (
    <Page title="Server">
      <EmptyState text="The server's page has no such part." />
    </Page>
  );
};
