import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Form } from '../live/use-form.ts';
import { FailedState } from './failed-state.tsx';
import classes from './form-dialog.module.css';

interface FormDialogProps {
  readonly title: string;
  /** What its button says: `Make the key`. */
  readonly submitLabel: string;
  readonly form: Form;
  readonly isWide?: boolean;
  readonly onClose: () => void;
  /** The fields; the first to be filled in has `data-autofocus`. */
  readonly children: ReactNode;
}

/** Fields in a dialog that Enter or its button sends off; what failed is said above them, or beside the field to blame. */
export const FormDialog = ({
  title,
  submitLabel,
  form,
  isWide = false,
  onClose,
  children,
}: FormDialogProps) => (
  <Modal opened onClose={onClose} title={title} size={isWide ? 'lg' : 'md'}>
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      {form.problem === null ? null : <FailedState problem={form.problem} />}
      {children}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={form.isRunning}>
          {submitLabel}
        </Button>
      </div>
    </form>
  </Modal>
);
