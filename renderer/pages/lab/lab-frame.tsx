import type { ReactNode } from 'react';
import { labTabs } from '../../router/lab-tabs.ts';
import { useServices } from '../../services-context.ts';
import { TabbedPage } from '../../ui/tabbed-page.tsx';

interface LabFrameProps {
  readonly tab: string;
  /** What this part of the Lab answers, in one sentence. */
  readonly lead: ReactNode;
  readonly aside?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every part of the Lab. */
export const LabFrame = ({ tab, lead, aside, actions, children }: LabFrameProps) => {
  const { router } = useServices();
  return (
    <TabbedPage
      title="Lab"
      tabs={labTabs}
      tab={tab}
      onTab={(name) => router.go({ page: 'lab', tab: name, itemId: null })}
      lead={lead}
      aside={aside}
      actions={actions}
    >
      {children}
    </TabbedPage>
  );
};
