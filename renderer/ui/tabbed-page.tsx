import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { Page } from './page.tsx';

interface TabbedPageProps {
  readonly title: string;
  readonly tabs: readonly { readonly name: string; readonly title: string }[];
  /** Name of the one that is open. */
  readonly tab: string;
  readonly onTab: (name: string) => void;
  readonly lead?: ReactNode;
  readonly aside?: ReactNode;
  /** Top right, the primary action last. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page of several parts: its tabs under the title, the open part's own action top right. */
export const TabbedPage = ({ title, tabs, tab, onTab, lead, aside, actions, children }: TabbedPageProps) => (
  <Page title={title} lead={lead} aside={aside} actions={actions}>
    <Tabs
      value={tab}
      onChange={(name) => {
        if (name !== null) onTab(name);
      }}
    >
      <Tabs.List>
        {tabs.map((each) => (
          <Tabs.Tab key={each.name} value={each.name}>
            {each.title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
    {children}
  </Page>
);
