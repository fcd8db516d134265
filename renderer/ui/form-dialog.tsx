import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Form } from '../live/use-form.ts';
import classes from './form-dialog.module.css';
import { FormFrame } from './form-frame.tsx';

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

/** A form in a dialog, with its two buttons. */
export const FormDialog = ({
  title,
  submitLabel,
  form,
  isWide = false,
  onClose,
  children,
}: FormDialogProps) => (
  <Modal opened onClose={onClose} title={title} size={isWide ? 'lg' : 'md'}>
    <FormFrame form={form}>
      {children}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={form.isRunning}>
          {submitLabel}
        </Button>
      </div>
    </FormFrame>
  </Modal>
);
