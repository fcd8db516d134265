import type { PriceSheet } from '../../../../shared/contract/prices.ts';
import { useAction } from '../../../live/use-action.ts';
import { useNow } from '../../../live/use-now.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { ConfirmDialog } from '../../../ui/confirm-button.tsx';
import { PastNote } from './past-note.tsx';

interface RemovePriceDialogProps {
  readonly sheet: PriceSheet;
  readonly onClose: () => void;
}

/** Asks once before a price is forgotten. */
export const RemovePriceDialog = ({ sheet, onClose }: RemovePriceDialogProps) => {
  const { client, notices, queries } = useServices();
  const nowMs = useNow(60_000);
  const sheets = useQuery(queries.prices()).data ?? [];
  const { model, currency, fromDay } = sheet;
  const remove = useAction(async () => {
    await client.prices.remove({ model, currency, fromDay });
    queries.invalidate('prices.');
    queries.invalidate('costs.');
    notices.done(`The price of ${model} in ${currency} from ${fromDay} on is removed.`);
  });
  return (
    <ConfirmDialog
      title={`Remove the price of ${model}?`}
      confirmLabel="Remove"
      onConfirm={() => remove.run()}
      onClose={onClose}
    >
      <p>
        From now on its tokens cost what an older or a wider price says, or have no price in {currency}. What
        was priced stays priced.
      </p>
      <PastNote sheet={sheet} sheets={sheets} nowMs={nowMs} />
    </ConfirmDialog>
  );
};
