import { Button, Modal, Select } from '@mantine/core';
import { useState } from 'react';
import { DEFAULT_GRACE_MS, type ApiKey, type MintedKey } from '../../../../shared/contract/keys.ts';
import { useSubmit } from '../../../live/use-submit.ts';
import { useServices } from '../../../services-context.ts';
import { FailedState } from '../../../ui/failed-state.tsx';
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
  const submit = useSubmit(async () => {
    setMinted(await client.keys.rotate({ id: apiKey.id, graceMs }));
    queries.invalidate('access.');
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Rotate ${apiKey.name}`}
      size="lg"
      closeOnClickOutside={minted === null}
    >
      {minted === null ? (
        <div className={classes.form}>
          {submit.problem === null ? null : <FailedState problem={submit.problem} />}
          <p className={classes.note}>
            Makes a key with the same rights, limits and end. While the old one works on, its replies say that
            it was rotated.
          </p>
          <Select
            label="The old key works on for"
            data={graces.map(([ms, title]) => ({ value: String(ms), label: title }))}
            value={String(graceMs)}
            onChange={(chosen) => setGraceMs(Number(chosen ?? DEFAULT_GRACE_MS))}
          />
          <div className={classes.buttons}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button onClick={submit.run} loading={submit.isRunning}>
              Rotate
            </Button>
          </div>
        </div>
      ) : (
        <SecretView minted={minted} onClose={onClose} />
      )}
    </Modal>
  );
};
