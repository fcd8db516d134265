import type { ApiKey } from '../../../../shared/contract/keys.ts';
import { useAction } from '../../../live/use-action.ts';
import { useServices } from '../../../services-context.ts';
import { ConfirmDialog } from '../../../ui/confirm-button.tsx';

interface RevokeKeyDialogProps {
  readonly apiKey: ApiKey;
  readonly onClose: () => void;
}

/** Asks once before a key is ended for good. */
export const RevokeKeyDialog = ({ apiKey, onClose }: RevokeKeyDialogProps) => {
  const { client, notices, queries } = useServices();
  const revoke = useAction(async () => {
    const { name } = await client.keys.revoke({ id: apiKey.id });
    queries.invalidate('access.');
    notices.done(`${name} is revoked.`);
  });
  return (
    <ConfirmDialog
      title={`Revoke ${apiKey.name}?`}
      confirmLabel="Revoke"
      onConfirm={() => revoke.run()}
      onClose={onClose}
    >
      <p>
        Programs that use it are refused from then on, and the answers it is being given end within a second.
        This cannot be undone.
      </p>
    </ConfirmDialog>
  );
};
