import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import type { Dialog } from '../../../live/dialogs.ts';
import { useServices } from '../../../services-context.ts';
import classes from './access.module.css';

interface ChangeRemoveProps {
  /** What it is, for screen readers: `price of demo in EUR`. */
  readonly name: string;
  readonly change: Dialog;
  readonly remove: Dialog;
}

/** The acts of a table's row that can be changed and removed, each in a dialog. */
export const ChangeRemove = ({ name, change, remove }: ChangeRemoveProps) => {
  const { dialogs } = useServices();
  return (
    <span className={classes.acts}>
      <Tooltip label="Change">
        <ActionIcon size="sm" aria-label={`Change the ${name}`} onClick={() => dialogs.open(change)}>
          <IconPencil size={14} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Remove">
        <ActionIcon size="sm" aria-label={`Remove the ${name}`} onClick={() => dialogs.open(remove)}>
          <IconTrash size={14} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </span>
  );
};
