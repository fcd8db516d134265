import { Button } from '@mantine/core';
import type { MintedKey } from '../../../../shared/contract/keys.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import classes from '../access/access.module.css';

interface SecretViewProps {
  readonly minted: MintedKey;
  readonly onClose: () => void;
}

/** A new secret, the only time it is told. */
export const SecretView = ({ minted: { key, secret }, onClose }: SecretViewProps) => (
  <div className={classes.form}>
    <p className={classes.note}>
      This is the key {key.name}. Copy it now: Dyno keeps no copy, and it will not be shown again.
    </p>
    <div className={classes.secret}>
      <span className="mono" aria-label="New key" role="note">
        {secret}
      </span>
      <CopyButton text={secret} what="key" />
    </div>
    <div className={classes.buttons}>
      <CopyButton text={`export DYNO_API_KEY=${secret}`} what="shell line" label="Copy as shell line" />
      <Button onClick={onClose}>I have it</Button>
    </div>
  </div>
);
