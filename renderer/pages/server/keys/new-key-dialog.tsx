import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import type { MintedKey } from '../../../../shared/contract/keys.ts';
import { useSubmit } from '../../../live/use-submit.ts';
import { useServices } from '../../../services-context.ts';
import { FailedState } from '../../../ui/failed-state.tsx';
import classes from '../access/access.module.css';
import { HomeFields, RoleFields } from './key-role-fields.tsx';
import { KeyUseFields } from './key-use-fields.tsx';
import { emptyKeyForm, readNewKey } from './key-form.ts';
import { SecretView } from './secret-view.tsx';

/** A new key by a form; its secret is shown once. */
export const NewKeyDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { client, queries } = useServices();
  const [form, setForm] = useState(emptyKeyForm);
  const [minted, setMinted] = useState<MintedKey | null>(null);
  const [hasTried, setTried] = useState(false);
  const read = readNewKey(form);
  const submit = useSubmit(async () => {
    if (read.type !== 'ready') return;
    setMinted(await client.keys.create(read.input));
    queries.invalidate('access.');
  });
  const fields = { ...submit.fields, ...(hasTried && read.type === 'problems' && read.fields) };
  if (minted !== null) {
    return (
      <Modal opened onClose={onClose} title="New key" size="lg" closeOnClickOutside={false}>
        <SecretView minted={minted} onClose={onClose} />
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title="New key" size="lg">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (read.type === 'ready') submit.run();
        }}
      >
        {submit.problem === null ? null : <FailedState problem={submit.problem} />}
        <RoleFields form={form} fields={fields} onChange={setForm} />
        <HomeFields form={form} fields={fields} onChange={setForm} />
        <KeyUseFields form={form} fields={fields} isNew onChange={setForm} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={submit.isRunning}>
            Make the key
          </Button>
        </div>
      </form>
    </Modal>
  );
};
