import { Button, Modal } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import classes from './confirm-button.module.css';
import { useFocusReturn } from './use-focus-return.ts';

interface ConfirmDialogProps {
  readonly title: string;
  readonly confirmLabel: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks once before something is gone. */
export const ConfirmDialog = (props: ConfirmDialogProps) => (
  <Modal opened onClose={props.onClose} title={props.title}>
    {props.children}
    <div className={classes.buttons}>
      <Button variant="default" onClick={props.onClose} data-autofocus>
        Keep
      </Button>
      <Button
        className={classes.destroy ?? ''}
        onClick={() => {
          props.onConfirm();
          props.onClose();
        }}
      >
        {props.confirmLabel}
      </Button>
    </div>
  </Modal>
);

interface ConfirmButtonProps {
  readonly label: string;
  readonly title: string;
  /** As small as the buttons beside it. */
  readonly isCompact?: boolean;
  readonly onConfirm: () => void;
  readonly children: ReactNode;
}

/** A button whose act asks once. */
export const ConfirmButton = ({
  label,
  title,
  isCompact = false,
  onConfirm,
  children,
}: ConfirmButtonProps) => {
  const [isAsking, setAsking] = useState(false);
  useFocusReturn(isAsking);
  return (
    <>
      <Button variant="default" size={isCompact ? 'compact-sm' : 'sm'} onClick={() => setAsking(true)}>
        {label}
      </Button>
      {isAsking ? (
        <ConfirmDialog
          title={title}
          confirmLabel={label}
          onConfirm={onConfirm}
          onClose={() => setAsking(false)}
        >
          {children}
        </ConfirmDialog>
      ) : null}
    </>
  );
};
