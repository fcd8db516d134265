import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { projectSchema, type Tenant } from '../../../../shared/contract/keys.ts';
import { useSubmit } from '../../../live/use-submit.ts';
import { useServices } from '../../../services-context.ts';
import { issueProblems } from '../../../transport/field-problems.ts';
import { FailedState } from '../../../ui/failed-state.tsx';
import classes from '../access/access.module.css';
import { idOf, SlugFields } from '../access/slug-fields.tsx';

const wishSchema = projectSchema.pick({ tenantId: true, id: true, name: true });

interface NewProjectDialogProps {
  readonly tenant: Tenant;
  readonly onClose: () => void;
}

/** A project within a tenant, so that its keys are told apart in usage. */
export const NewProjectDialog = ({ tenant, onClose }: NewProjectDialogProps) => {
  const { client, notices, queries } = useServices();
  const [form, setForm] = useState({ id: '', name: '' });
  const [hasTried, setTried] = useState(false);
  const wish = wishSchema.safeParse({ tenantId: tenant.id, id: idOf(form), name: form.name });
  const submit = useSubmit(async () => {
    if (!wish.success) return;
    const { name } = await client.tenants.createProject(wish.data);
    queries.invalidate('access.');
    notices.done(`${name} is there; choose it for a new key.`);
    onClose();
  });
  const fields = { ...submit.fields, ...(hasTried && !wish.success && issueProblems(wish.error)) };
  return (
    <Modal opened onClose={onClose} title={`New project in ${tenant.name}`}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (wish.success) submit.run();
        }}
      >
        {submit.problem === null ? null : <FailedState problem={submit.problem} />}
        <SlugFields
          form={form}
          fields={fields}
          isNew
          onChange={(change) => setForm({ ...form, ...change })}
        />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={submit.isRunning}>
            Make the project
          </Button>
        </div>
      </form>
    </Modal>
  );
};
