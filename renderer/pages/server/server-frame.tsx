import type { ReactNode } from 'react';
import { serverTabs } from '../../router/server-tabs.ts';
import { useServices } from '../../services-context.ts';
import { TabbedPage } from '../../ui/tabbed-page.tsx';

interface ServerFrameProps {
  readonly tab: string;
  /** What this part of the server's page is for, in one sentence. */
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every part of the server's page. */
export const ServerFrame = ({ tab, lead, actions, children }: ServerFrameProps) => {
  const { router } = useServices();
  return (
    <TabbedPage
      title="Server"
      tabs={serverTabs}
      tab={tab}
      onTab={(name) => router.go({ page: 'server', tab: name })}
      lead={lead}
      actions={actions}
    >
      {children}
    </TabbedPage>
  );
};
