import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useServices } from '../../../services-context.ts';
import { ServerFrame } from '../server-frame.tsx';
import { LocalCostPanel } from './local-cost-panel.tsx';
import { PricePanel } from './price-panel.tsx';
import { StatementPanel } from './statement-panel.tsx';

/** What tokens cost, what a month came to, and what the machine itself costs. */
export const CostsTab = () => {
  const { dialogs } = useServices();
  return (
    <ServerFrame
      tab="costs"
      lead="What tokens cost those who use them, what a month of a tenant came to, and what the answers cost on this machine."
      actions={
        <Button
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => dialogs.open({ type: 'new-price' })}
        >
          New price
        </Button>
      }
    >
      <StatementPanel />
      <PricePanel />
      <LocalCostPanel />
    </ServerFrame>
  );
};
