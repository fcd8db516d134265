import type { ReactNode } from 'react';
import type { Form } from '../live/use-form.ts';
import { FailedState } from './failed-state.tsx';
import classes from './form-frame.module.css';

interface FormFrameProps {
  readonly form: Form;
  /** The fields and, last, the buttons; one of them has the type `submit`. */
  readonly children: ReactNode;
}

/** Fields that Enter or a button sends off; what failed is said above them, or beside the field to blame. */
export const FormFrame = ({ form, children }: FormFrameProps) => (
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
  </form>
);
