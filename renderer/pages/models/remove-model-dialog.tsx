import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { Model } from '../../../shared/contract/models.ts';
import { formatGib } from '../../../shared/units/format.ts';
import { useAction } from '../../live/use-action.ts';
import { useServices } from '../../services-context.ts';
import { ConfirmDialog } from '../../ui/confirm-button.tsx';

/** Forgets a model; deletes its file only when asked, and only where Dyno made it. */
export const RemoveModelDialog = ({
  model,
  onClose,
}: {
  readonly model: Model;
  readonly onClose: () => void;
}) => {
  const { client, notices, router } = useServices();
  const [deletesFiles, setDeletesFiles] = useState(false);
  const remove = useAction(async () => {
    const answer = await client.models.remove({ model: model.id, deleteFiles: deletesFiles });
    notices.done(
      answer.deletedFiles.length === 0
        ? `${answer.removed} left the library; its file is untouched.`
        : `${answer.removed} and its file are gone.`,
    );
    router.go({ page: 'models', modelId: null });
  });
  return (
    <ConfirmDialog
      title={`Remove ${model.id}?`}
      confirmLabel="Remove"
      onConfirm={() => remove.run()}
      onClose={onClose}
    >
      <p>It leaves the library. Results measured with it stay.</p>
      {model.source === 'dyno' ? (
        <Checkbox
          label={`Delete the file as well (${formatGib(model.sizeBytes)} GiB)`}
          checked={deletesFiles}
          onChange={(event) => setDeletesFiles(event.currentTarget.checked)}
        />
      ) : (
        <p>The file itself is not touched: Dyno did not make it.</p>
      )}
    </ConfirmDialog>
  );
};
