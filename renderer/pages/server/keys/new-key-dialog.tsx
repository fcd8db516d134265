import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { MintedKey } from '../../../../shared/contract/keys.ts';
import { useForm } from '../../../live/use-form.ts';
import { useServices } from '../../../services-context.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { HomeFields, RoleFields } from './key-role-fields.tsx';
import { KeyUseFields } from './key-use-fields.tsx';
import { emptyKeyForm, readNewKey } from './key-form.ts';
import { SecretView } from './secret-view.tsx';

/** A new key by a form; its secret is shown once. */
export const NewKeyDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { client, queries } = useServices();
  const [texts, setTexts] = useState(emptyKeyForm);
  const [minted, setMinted] = useState<MintedKey | null>(null);
  const form = useForm(readNewKey(texts), async (input) => {
    setMinted(await client.keys.create(input));
    queries.invalidate('access.');
  });
  if (minted !== null) {
    return (
      <Modal opened onClose={onClose} title="New key" size="lg" closeOnClickOutside={false}>
        <SecretView minted={minted} onClose={onClose} />
      </Modal>
    );
  }
  const props = { form: texts, fields: form.fields, onChange: setTexts };
  return (
    <FormDialog title="New key" submitLabel="Make the key" form={form} isWide onClose={onClose}>
      <RoleFields {...props} />
      <HomeFields {...props} />
      <KeyUseFields {...props} isNew />
    </FormDialog>
  );
};
