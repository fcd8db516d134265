import { TextInput } from '@mantine/core';
import { slugOf } from './slug.ts';
import classes from './access.module.css';

export interface SlugForm {
  readonly name: string;
  /** As typed; empty: made of the name. */
  readonly id: string;
}

/** The id that is meant: as typed, or made of the name. */
export const idOf = ({ id, name }: SlugForm): string => (id === '' ? slugOf(name) : id);

interface SlugFieldsProps<Form extends SlugForm> {
  readonly form: Form;
  /** What is wrong with each field, by its path. */
  readonly fields: Readonly<Record<string, string>>;
  /** An id never changes. */
  readonly isNew: boolean;
  readonly onChange: (change: Partial<SlugForm>) => void;
}

/** A name, and the id that reports and commands say. */
export const SlugFields = <Form extends SlugForm>({
  form,
  fields,
  isNew,
  onChange,
}: SlugFieldsProps<Form>) => (
  <div className={classes.two}>
    <TextInput
      label="Name"
      data-autofocus
      value={form.name}
      error={fields.name}
      onChange={(event) => onChange({ name: event.currentTarget.value })}
    />
    <TextInput
      label="Id"
      description={isNew ? 'In reports and commands; it never changes' : 'It never changes'}
      disabled={!isNew}
      value={idOf(form)}
      error={fields.id}
      onChange={(event) => onChange({ id: event.currentTarget.value })}
    />
  </div>
);
