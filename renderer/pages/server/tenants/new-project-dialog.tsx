import { useState } from 'react';
import { projectSchema, type Tenant } from '../../../../shared/contract/keys.ts';
import { useForm } from '../../../live/use-form.ts';
import { useServices } from '../../../services-context.ts';
import { readForm } from '../../../transport/field-problems.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { idOf, SlugFields } from '../access/slug-fields.tsx';

const wishSchema = projectSchema.pick({ tenantId: true, id: true, name: true });

interface NewProjectDialogProps {
  readonly tenant: Tenant;
  readonly onClose: () => void;
}

/** A project within a tenant, so that its keys are told apart in usage. */
export const NewProjectDialog = ({ tenant, onClose }: NewProjectDialogProps) => {
  const { client, notices, queries } = useServices();
  const [texts, setTexts] = useState({ id: '', name: '' });
  const wish = readForm(wishSchema, { tenantId: tenant.id, id: idOf(texts), name: texts.name });
  const form = useForm(wish, async (input) => {
    const { name } = await client.tenants.createProject(input);
    queries.invalidate('access.');
    notices.done(`${name} is there; choose it for a new key.`);
    onClose();
  });
  return (
    <FormDialog
      title={`New project in ${tenant.name}`}
      submitLabel="Make the project"
      form={form}
      onClose={onClose}
    >
      <SlugFields
        form={texts}
        fields={form.fields}
        isNew
        onChange={(change) => setTexts({ ...texts, ...change })}
      />
    </FormDialog>
  );
};
