import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { tenantSchema, type Tenant } from '../../../../shared/contract/keys.ts';
import { noLimits } from '../../../../shared/contract/limits.ts';
import { useSubmit } from '../../../live/use-submit.ts';
import { useServices } from '../../../services-context.ts';
import { issueProblems } from '../../../transport/field-problems.ts';
import { FailedState } from '../../../ui/failed-state.tsx';
import classes from '../access/access.module.css';
import { LimitFields } from '../access/limit-fields.tsx';
import { readLimits, writeLimits } from '../access/limit-texts.ts';
import { idOf, SlugFields } from '../access/slug-fields.tsx';

const wishSchema = tenantSchema.pick({ id: true, name: true });

interface TenantDialogProps {
  /** `null`: a new one. */
  readonly tenant: Tenant | null;
  readonly onClose: () => void;
}

/** A new tenant, or the name and the limits of one that exists. */
export const TenantDialog = ({ tenant, onClose }: TenantDialogProps) => {
  const { client, notices, queries } = useServices();
  const [form, setForm] = useState(() => ({
    id: tenant?.id ?? '',
    name: tenant?.name ?? '',
    limits: writeLimits(tenant?.limits ?? noLimits),
  }));
  const [hasTried, setTried] = useState(false);
  const wish = wishSchema.safeParse({ id: idOf(form), name: form.name });
  const limits = readLimits(form.limits);
  const submit = useSubmit(async () => {
    if (!wish.success || limits === undefined) return;
    const input = { ...wish.data, limits };
    const done = tenant === null ? await client.tenants.create(input) : await client.tenants.update(input);
    queries.invalidate('access.');
    notices.done(
      tenant === null ? `${done.name} is there, with a project “default”.` : `${done.name} is changed.`,
    );
    onClose();
  });
  const fields = { ...submit.fields, ...(hasTried && !wish.success && issueProblems(wish.error)) };
  return (
    <Modal
      opened
      onClose={onClose}
      title={tenant === null ? 'New tenant' : `Tenant ${tenant.name}`}
      size="lg"
    >
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (wish.success && limits !== undefined) submit.run();
        }}
      >
        {submit.problem === null ? null : <FailedState problem={submit.problem} />}
        <SlugFields
          form={form}
          fields={fields}
          isNew={tenant === null}
          onChange={(change) => setForm({ ...form, ...change })}
        />
        <p className={classes.note}>Its limits hold for all its keys together.</p>
        <LimitFields texts={form.limits} onChange={(texts) => setForm({ ...form, limits: texts })} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={submit.isRunning}>
            {tenant === null ? 'Make the tenant' : 'Save'}
          </Button>
        </div>
      </form>
    </Modal>
  );
};
