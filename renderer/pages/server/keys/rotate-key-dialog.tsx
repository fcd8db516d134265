import { Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { DEFAULT_GRACE_MS, type ApiKey, type MintedKey } from '../../../../shared/contract/keys.ts';
import { useForm } from '../../../live/use-form.ts';
import { useServices } from '../../../services-context.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import classes from '../access/access.module.css';
import { SecretView } from './secret-view.tsx';

/** How long the old key works on: the length, and what it says. */
const graces: readonly (readonly [ms: number, title: string])[] = [
  [0, 'not at all'],
  [3_600_000, '1 hour'],
  [DEFAULT_GRACE_MS, '24 hours'],
  [604_800_000, '7 days'],
  [2_592_000_000, '30 days'],
];

interface RotateKeyDialogProps {
  readonly apiKey: ApiKey;
  readonly onClose: () => void;
}

/** A successor with the same rights; the old key works on for a while. */
export const RotateKeyDialog = ({ apiKey, onClose }: RotateKeyDialogProps) => {
  const { client, queries } = useServices();
  const [graceMs, setGraceMs] = useState(DEFAULT_GRACE_MS);
  const [minted, setMinted] = useState<MintedKey | null>(null);
  const title = `Rotate ${apiKey.name}`;
  const form = useForm({ type: 'ready', input: { id: apiKey.id, graceMs } }, async (input) => {
    setMinted(await client.keys.rotate(input));
    queries.invalidate('access.');
  });
  if (minted !== null) {
    return (
      <Modal opened onClose={onClose} title={title} size="lg" closeOnClickOutside={false}>
        <SecretView minted={minted} onClose={onClose} />
      </Modal>
    );
  }
  return (
    <FormDialog title={title} submitLabel="Rotate" form={form} isWide onClose={onClose}>
      <p className={classes.note}>
        Makes a key with the same rights, limits and end. While the old one works on, its replies say that it
        was rotated.
      </p>
      <Select
        label="The old key works on for"
        data={graces.map(([ms, words]) => ({ value: String(ms), label: words }))}
        value={String(graceMs)}
        onChange={(chosen) => setGraceMs(Number(chosen ?? DEFAULT_GRACE_MS))}
      />
    </FormDialog>
  );
};
