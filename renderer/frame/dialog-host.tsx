import { useHotkeys } from '@mantine/hooks';
import { useStore } from '../live/use-store.ts';
import { VerificationDialog } from '../pages/bench/report/verification-dialog.tsx';
import { AddModelDialog } from '../pages/models/add-model-dialog.tsx';
import { QuantizeDialog } from '../pages/models/quantize-dialog.tsx';
import { RemoveModelDialog } from '../pages/models/remove-model-dialog.tsx';
import { BudgetDialog } from '../pages/server/budgets/budget-dialog.tsx';
import { RemoveBudgetDialog } from '../pages/server/budgets/remove-budget-dialog.tsx';
import { LocalCostDialog } from '../pages/server/costs/local-cost-dialog.tsx';
import { PriceDialog } from '../pages/server/costs/price-dialog.tsx';
import { RemovePriceDialog } from '../pages/server/costs/remove-price-dialog.tsx';
import { EditKeyDialog } from '../pages/server/keys/edit-key-dialog.tsx';
import { NewKeyDialog } from '../pages/server/keys/new-key-dialog.tsx';
import { RevokeKeyDialog } from '../pages/server/keys/revoke-key-dialog.tsx';
import { RotateKeyDialog } from '../pages/server/keys/rotate-key-dialog.tsx';
import { OpenNetworkDialog } from '../pages/server/network/open-network-dialog.tsx';
import { RequestDialog } from '../pages/server/requests/request-dialog.tsx';
import { ProjectDialog } from '../pages/server/tenants/project-dialog.tsx';
import { PlaceDialog } from '../pages/server/tenants/place-dialog.tsx';
import { TenantDialog } from '../pages/server/tenants/tenant-dialog.tsx';
import { railPages } from '../router/pages.ts';
import { useServices } from '../services-context.ts';
import { useFocusReturn } from '../ui/use-focus-return.ts';
import { CommandPalette } from './command-palette.tsx';

/** Shows the open dialog, and listens for the keys that work everywhere. */
export const DialogHost = () => {
  const { dialogs, router } = useServices();
  const dialog = useStore(dialogs.store);
  useFocusReturn(dialog.type !== 'none');
  useHotkeys(
    [
      ['mod+K', () => dialogs.open({ type: 'palette' })],
      ...railPages.map((page, index): [string, () => void] => [
        `mod+${index + 1}`,
        () => router.go(page.route),
      ]),
    ],
    // They work while a field has the focus, too.
    [],
  );
  switch (dialog.type) {
    case 'none':
      return null;
    case 'palette':
      return <CommandPalette onClose={dialogs.close} />;
    case 'add-model':
      return <AddModelDialog tab={dialog.tab} fileName={dialog.fileName} onClose={dialogs.close} />;
    case 'quantize':
      return <QuantizeDialog model={dialog.model} onClose={dialogs.close} />;
    case 'remove-model':
      return <RemoveModelDialog model={dialog.model} onClose={dialogs.close} />;
    case 'request':
      return <RequestDialog requestId={dialog.requestId} onClose={dialogs.close} />;
    case 'open-network':
      return <OpenNetworkDialog onClose={dialogs.close} />;
    case 'new-key':
      return <NewKeyDialog onClose={dialogs.close} />;
    case 'edit-key':
      return <EditKeyDialog apiKey={dialog.key} onClose={dialogs.close} />;
    case 'rotate-key':
      return <RotateKeyDialog apiKey={dialog.key} onClose={dialogs.close} />;
    case 'revoke-key':
      return <RevokeKeyDialog apiKey={dialog.key} onClose={dialogs.close} />;
    case 'new-tenant':
      return <TenantDialog tenant={null} onClose={dialogs.close} />;
    case 'edit-tenant':
      return <TenantDialog tenant={dialog.tenant} onClose={dialogs.close} />;
    case 'new-project':
      return <ProjectDialog tenant={dialog.tenant} project={null} onClose={dialogs.close} />;
    case 'edit-project':
      return <ProjectDialog tenant={dialog.tenant} project={dialog.project} onClose={dialogs.close} />;
    case 'place':
      return <PlaceDialog place={dialog.place} onClose={dialogs.close} />;
    case 'new-price':
      return <PriceDialog sheet={null} onClose={dialogs.close} />;
    case 'edit-price':
      return <PriceDialog sheet={dialog.sheet} onClose={dialogs.close} />;
    case 'remove-price':
      return <RemovePriceDialog sheet={dialog.sheet} onClose={dialogs.close} />;
    case 'local-cost':
      return <LocalCostDialog local={dialog.local} onClose={dialogs.close} />;
    case 'new-budget':
      return <BudgetDialog budget={null} onClose={dialogs.close} />;
    case 'edit-budget':
      return <BudgetDialog budget={dialog.budget} onClose={dialogs.close} />;
    case 'remove-budget':
      return <RemoveBudgetDialog budget={dialog.budget} name={dialog.name} onClose={dialogs.close} />;
    case 'verification':
      return <VerificationDialog verification={dialog.verification} onClose={dialogs.close} />;
    default:
      return dialog satisfies never;
  }
};
