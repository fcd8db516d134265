import { useState } from 'react';
import type { ApiKey } from '../../../../shared/contract/keys.ts';
import { useForm } from '../../../live/use-form.ts';
import { useServices } from '../../../services-context.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
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
  const [texts, setTexts] = useState(() => keyFormOf(apiKey));
  const form = useForm(readKeyChange(apiKey.id, texts), async (input) => {
    const { name } = await client.keys.update(input);
    queries.invalidate('access.');
    notices.done(`${name} is changed; it holds from the next request on.`);
    onClose();
  });
  const props = { form: texts, fields: form.fields, onChange: setTexts };
  return (
    <FormDialog title={`Key ${apiKey.name}`} submitLabel="Save" form={form} isWide onClose={onClose}>
      <p className={classes.note}>
        {apiKey.role} in {apiKey.tenantId} / {apiKey.projectId}, …{apiKey.lastFour}. What a key may do never
        changes: make another for that.
      </p>
      <div className={classes.two}>
        <NameField {...props} />
        <TierField {...props} />
      </div>
      <KeyUseFields {...props} isNew={false} />
    </FormDialog>
  );
};
