import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { serverTabs } from '../../router/server-tabs.ts';
import { useServices } from '../../services-context.ts';
import { Page } from '../../ui/page.tsx';

interface ServerFrameProps {
  readonly tab: string;
  /** What this part of the server's page is for, in one sentence. */
  readonly lead?: ReactNode;
  /** Top right, the primary action last. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every part of the server's page: its tabs under the title, the part's own action top right. */
export const ServerFrame = ({ tab, lead, actions, children }: ServerFrameProps) => {
  const { router } = useServices();
  return (
    <Page title="Server" lead={lead} actions={actions}>
      <Tabs
        value={tab}
        onChange={(name) => {
          if (name !== null) router.go({ page: 'server', tab: name });
        }}
      >
        <Tabs.List>
          {serverTabs.map(({ name, title }) => (
            <Tabs.Tab key={name} value={name}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {children}
    </Page>
  );
};
