import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { labTabs } from '../../router/lab-tabs.ts';
import { useServices } from '../../services-context.ts';
import { Page } from '../../ui/page.tsx';

interface LabFrameProps {
  readonly tab: string;
  /** What this part of the Lab answers, in one sentence. */
  readonly lead: ReactNode;
  readonly aside?: ReactNode;
  /** Top right, the primary action last. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every part of the Lab: its tabs under the title, the part's own action top right. */
export const LabFrame = ({ tab, lead, aside, actions, children }: LabFrameProps) => {
  const { router } = useServices();
  return (
    <Page title="Lab" lead={lead} aside={aside} actions={actions}>
      <Tabs
        value={tab}
        onChange={(name) => {
          if (name !== null) router.go({ page: 'lab', tab: name, itemId: null });
        }}
      >
        <Tabs.List>
          {labTabs.map(({ name, title }) => (
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
