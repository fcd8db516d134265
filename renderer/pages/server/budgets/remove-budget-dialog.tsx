import type { Budget } from '../../../../shared/contract/budgets.ts';
import { useAction } from '../../../live/use-action.ts';
import { useServices } from '../../../services-context.ts';
import { ConfirmDialog } from '../../../ui/confirm-button.tsx';

interface RemoveBudgetDialogProps {
  readonly budget: Budget;
  /** Whose it is, as people call it. */
  readonly name: string;
  readonly onClose: () => void;
}

/** Asks once before a budget is taken away. */
export const RemoveBudgetDialog = ({ budget, name, onClose }: RemoveBudgetDialogProps) => {
  const { client, notices, queries } = useServices();
  const { owner, window, currency } = budget;
  const remove = useAction(async () => {
    await client.budgets.remove({ owner, window, currency });
    queries.invalidate('budgets.');
    notices.done(`The budget of ${name} is removed.`);
  });
  return (
    <ConfirmDialog
      title={`Remove the budget of ${name}?`}
      confirmLabel="Remove"
      onConfirm={() => remove.run()}
      onClose={onClose}
    >
      <p>
        What is used in a {window} is no longer held to it, from the next request on. What was used stays in
        the ledger.
      </p>
    </ConfirmDialog>
  );
};
