import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { suspensionReasonSchema } from '../../../../shared/contract/standing.ts';
import { useAction } from '../../../live/use-action.ts';
import { useForm } from '../../../live/use-form.ts';
import { useServices } from '../../../services-context.ts';
import { readForm } from '../../../transport/field-problems.ts';
import { ConfirmButton } from '../../../ui/confirm-button.tsx';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import classes from '../access/access.module.css';
import { nameOf, standingOf, whyNot, type Place } from './place.ts';

const wishSchema = z.object({ reason: suspensionReasonSchema.nullable() });

interface PlaceDialogProps {
  readonly place: Place;
  readonly onClose: () => void;
}

/** Takes the place away for good, after asking once. */
const RemoveButton = ({ place, onClose }: PlaceDialogProps) => {
  const { client, notices, queries } = useServices();
  const name = nameOf(place);
  const remove = useAction(async () => {
    const { revokedKeys } =
      place.type === 'tenant'
        ? await client.tenants.remove({ id: place.tenant.id })
        : await client.tenants.removeProject({ tenantId: place.project.tenantId, id: place.project.id });
    queries.invalidate('access.');
    notices.done(`${name} is removed; keys revoked: ${revokedKeys.length}.`);
    onClose();
  });
  return (
    <ConfirmButton isCompact label="Remove for good" title={`Remove ${name}?`} onConfirm={() => remove.run()}>
      <p>
        All its keys are revoked at once, and its id is never given again. Usage goes on naming it. This
        cannot be undone.
      </p>
    </ConfirmButton>
  );
};

/** Stops the keys of a tenant or a project for a while, lets them go on, or ends them for good. */
export const PlaceDialog = ({ place, onClose }: PlaceDialogProps) => {
  const { client, notices, queries } = useServices();
  const [reason, setReason] = useState('');
  const name = nameOf(place);
  const isSuspended = standingOf(place).type === 'suspended';
  const keeps = whyNot(place, 'removed');
  const wish = readForm(wishSchema, { reason: reason.trim() === '' ? null : reason });
  const form = useForm(wish, async (input) => {
    if (place.type === 'tenant') {
      const { id } = place.tenant;
      await (isSuspended ? client.tenants.resume({ id }) : client.tenants.suspend({ id, ...input }));
    } else {
      const { tenantId, id } = place.project;
      await (isSuspended
        ? client.tenants.resumeProject({ tenantId, id })
        : client.tenants.suspendProject({ tenantId, id, ...input }));
    }
    queries.invalidate('access.');
    notices.done(isSuspended ? `Keys of ${name} work again.` : `Keys of ${name} are stopped.`);
    onClose();
  });
  return (
    <FormDialog
      title={isSuspended ? `Resume ${name}` : `Suspend ${name}`}
      submitLabel={isSuspended ? 'Resume' : 'Suspend'}
      form={form}
      onClose={onClose}
    >
      {isSuspended ? (
        <p className={classes.note}>Its keys work again at once, those that ended meanwhile excepted.</p>
      ) : (
        <>
          <p className={classes.note}>
            Its keys are refused from then on and the answers they are being given end within a second. They
            work again when it is resumed.
          </p>
          <TextInput
            label="Reason"
            description="Told to who holds one of its keys; may be left empty"
            data-autofocus
            value={reason}
            error={form.fields.reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </>
      )}
      {keeps === undefined ? (
        <RemoveButton place={place} onClose={onClose} />
      ) : (
        <p className={classes.note}>{keeps}</p>
      )}
    </FormDialog>
  );
};
