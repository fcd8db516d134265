import { useState } from 'react';
import { tenantSchema, type Tenant } from '../../../../shared/contract/keys.ts';
import { noLimits } from '../../../../shared/contract/limits.ts';
import { useForm } from '../../../live/use-form.ts';
import { useServices } from '../../../services-context.ts';
import { readForm } from '../../../transport/field-problems.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import classes from '../access/access.module.css';
import { LimitFields } from '../access/limit-fields.tsx';
import { readLimits, writeLimits } from '../access/limit-texts.ts';
import { idOf, SlugFields } from '../access/slug-fields.tsx';

const wishSchema = tenantSchema.pick({ id: true, name: true, limits: true });

interface TenantDialogProps {
  /** `null`: a new one. */
  readonly tenant: Tenant | null;
  readonly onClose: () => void;
}

/** A new tenant, or the name and the limits of one that exists. */
export const TenantDialog = ({ tenant, onClose }: TenantDialogProps) => {
  const { client, notices, queries } = useServices();
  const [texts, setTexts] = useState(() => ({
    id: tenant?.id ?? '',
    name: tenant?.name ?? '',
    limits: writeLimits(tenant?.limits ?? noLimits),
  }));
  const wish = readForm(wishSchema, {
    id: idOf(texts),
    name: texts.name,
    limits: readLimits(texts.limits),
  });
  const form = useForm(wish, async (input) => {
    const done = tenant === null ? await client.tenants.create(input) : await client.tenants.update(input);
    queries.invalidate('access.');
    notices.done(
      tenant === null ? `${done.name} is there, with a project “default”.` : `${done.name} is changed.`,
    );
    onClose();
  });
  return (
    <FormDialog
      title={tenant === null ? 'New tenant' : `Tenant ${tenant.name}`}
      submitLabel={tenant === null ? 'Make the tenant' : 'Save'}
      form={form}
      isWide
      onClose={onClose}
    >
      <SlugFields
        form={texts}
        fields={form.fields}
        isNew={tenant === null}
        onChange={(change) => setTexts({ ...texts, ...change })}
      />
      <p className={classes.note}>Its limits hold for all its keys together.</p>
      <LimitFields texts={texts.limits} onChange={(limits) => setTexts({ ...texts, limits })} />
    </FormDialog>
  );
};
