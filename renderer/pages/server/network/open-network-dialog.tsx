import { Checkbox, Modal } from '@mantine/core';
import { useState } from 'react';
import type { NetworkChoices } from '../../../../shared/contract/network.ts';
import { useForm } from '../../../live/use-form.ts';
import { useQuery } from '../../../live/use-query.ts';
import { formatRoute } from '../../../router/route.ts';
import { useServices } from '../../../services-context.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { EncryptionFields, ReachFields } from './network-fields.tsx';
import { networkFormOf, readNetworkForm } from './network-form.ts';
import classes from './network.module.css';

const title = 'Open to the network';

const NetworkFormDialog = ({
  choices,
  onClose,
}: {
  readonly choices: NetworkChoices;
  readonly onClose: () => void;
}) => {
  const { client, notices, queries } = useServices();
  const [form, setForm] = useState(() => networkFormOf(choices));
  const act = useForm(readNetworkForm(form), async (input) => {
    await client.server.openNetwork(input);
    queries.invalidate('access.');
    notices.done('The server is open to the network.');
    onClose();
  });
  const { fields } = act;
  const props = {
    form,
    fields,
    onChange: (part: Partial<typeof form>) => setForm({ ...form, ...part }),
  };
  return (
    <FormDialog title={title} submitLabel="Open it" form={act} isWide onClose={onClose}>
      <p className={classes.note}>
        Other machines reach it then, until you close it, turn it off or start it anew. Each client needs a
        key of its own: yours, the owner’s, is not taken from the network.
      </p>
      {choices.keys === 0 ? (
        <p className={classes.warning}>
          ▲ No client has a key yet.{' '}
          <a href={formatRoute({ page: 'server', tab: 'keys' })} onClick={onClose}>
            Make one first
          </a>
          .
        </p>
      ) : null}
      <ReachFields {...props} choices={choices} />
      <EncryptionFields {...props} />
      <Checkbox
        label="Whoever reaches these addresses with a key may use this machine: I mean it"
        checked={form.isMeant}
        error={fields.isMeant}
        onChange={(event) => props.onChange({ isMeant: event.currentTarget.checked })}
      />
    </FormDialog>
  );
};

/** Opens the server to other machines: what may reach it, by which names, how it is guarded. */
export const OpenNetworkDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { queries } = useServices();
  const choices = useQuery(queries.networkChoices());
  if (choices.type === 'ready') return <NetworkFormDialog choices={choices.data} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <QueryView query={choices} what="the addresses">
        {() => null}
      </QueryView>
    </Modal>
  );
};
