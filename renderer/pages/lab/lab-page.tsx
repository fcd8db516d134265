import type { ComponentType } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import type { LabTabProps } from './lab-tab-props.ts';
import { LoadTab } from './load/load-tab.tsx';
import { QualityTab } from './quality/quality-tab.tsx';
import { SweepTab } from './sweep/sweep-tab.tsx';
import { SyntheticTab } from './synthetic/synthetic-tab.tsx';

/** What each tab shows: a component that renders a `LabFrame` with its own actions. */
const tabPages: Readonly<Record<string, ComponentType<LabTabProps>>> = {
  sweep: SweepTab,
  quality: QualityTab,
  load: LoadTab,
  synthetic: SyntheticTab,
};

/** The Lab: measurements beyond the benchmark. */
export const LabPage = ({ tab, itemId }: LabTabProps & { readonly tab: string }) => {
  const TabPage = tabPages[tab];
  if (TabPage !== undefined) return <TabPage itemId={itemId} />;
  return (
    <Page title="Lab">
      <EmptyState text="The Lab has no such part." />
    </Page>
  );
};
