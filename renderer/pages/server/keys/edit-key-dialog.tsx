import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import type { ApiKey } from '../../../../shared/contract/keys.ts';
import { useSubmit } from '../../../live/use-submit.ts';
import { useServices } from '../../../services-context.ts';
import { FailedState } from '../../../ui/failed-state.tsx';
import classes from '../access/access.module.css';
import { keyFormOf, readKeyChange } from './key-form.ts';
import { NameField, TierField } from './key-role-fields.tsx';
import { KeyUseFields } from './key-use-fields.tsx';

interface EditKeyDialogProps {
  readonly apiKey: ApiKey;
  readonly onClose: () => void;
}

/** Changes of a key that exists; its secret, role, tenant and end stay. */
export const EditKeyDialog = ({ apiKey, onClose }: EditKeyDialogProps) => {
  const { client, notices, queries } = useServices();
  const [form, setForm] = useState(() => keyFormOf(apiKey));
  const read = readKeyChange(apiKey.id, form);
  const submit = useSubmit(async () => {
    if (read.type !== 'ready') return;
    const { name } = await client.keys.update(read.input);
    queries.invalidate('access.');
    notices.done(`${name} is changed; it holds from the next request on.`);
    onClose();
  });
  const fields = { ...submit.fields, ...(read.type === 'problems' && read.fields) };
  return (
    <Modal opened onClose={onClose} title={`Key ${apiKey.name}`} size="lg">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit.run();
        }}
      >
        {submit.problem === null ? null : <FailedState problem={submit.problem} />}
        <p className={classes.note}>
          {apiKey.role} in {apiKey.tenantId} / {apiKey.projectId}, …{apiKey.lastFour}. What a key may do never
          changes: make another for that.
        </p>
        <div className={classes.two}>
          <NameField form={form} fields={fields} onChange={setForm} />
          <TierField form={form} fields={fields} onChange={setForm} />
        </div>
        <KeyUseFields form={form} fields={fields} isNew={false} onChange={setForm} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={submit.isRunning} disabled={read.type !== 'ready'}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
};
