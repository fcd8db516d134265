import { useState } from 'react';
import { projectSchema, type Project, type Tenant } from '../../../../shared/contract/keys.ts';
import { useForm } from '../../../live/use-form.ts';
import { useServices } from '../../../services-context.ts';
import { readForm } from '../../../transport/field-problems.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { idOf, SlugFields } from '../access/slug-fields.tsx';

const wishSchema = projectSchema.pick({ tenantId: true, id: true, name: true });

interface ProjectDialogProps {
  readonly tenant: Tenant;
  /** `null`: a new one. */
  readonly project: Project | null;
  readonly onClose: () => void;
}

/** A project within a tenant, so that its keys are told apart in usage; or the name of one that exists. */
export const ProjectDialog = ({ tenant, project, onClose }: ProjectDialogProps) => {
  const { client, notices, queries } = useServices();
  const [texts, setTexts] = useState({ id: project?.id ?? '', name: project?.name ?? '' });
  const wish = readForm(wishSchema, { tenantId: tenant.id, id: idOf(texts), name: texts.name });
  const form = useForm(wish, async (input) => {
    const { name } =
      project === null
        ? await client.tenants.createProject(input)
        : await client.tenants.renameProject(input);
    queries.invalidate('access.');
    notices.done(
      project === null ? `${name} is there; choose it for a new key.` : `It is called ${name} now.`,
    );
    onClose();
  });
  return (
    <FormDialog
      title={project === null ? `New project in ${tenant.name}` : `Project ${project.name}`}
      submitLabel={project === null ? 'Make the project' : 'Save'}
      form={form}
      onClose={onClose}
    >
      <SlugFields
        form={texts}
        fields={form.fields}
        isNew={project === null}
        onChange={(change) => setTexts({ ...texts, ...change })}
      />
    </FormDialog>
  );
};
