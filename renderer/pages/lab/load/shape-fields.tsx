import { Select, TextInput } from '@mantine/core';
import type { ShapeField } from '../../../../shared/contract/load.ts';
import { defaultText, type FieldTexts } from './field-values.ts';

interface ShapeFieldsProps {
  readonly fields: readonly ShapeField[];
  readonly texts: FieldTexts;
  readonly problems: Readonly<Record<string, string>>;
  readonly onChange: (texts: FieldTexts) => void;
}

/** `promptTokens` as people read it: `Prompt tokens`. */
const titleOf = (name: string): string => {
  const words = name.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The parameters of a shape, each with what it means. */
export const ShapeFields = ({ fields, texts, problems, onChange }: ShapeFieldsProps) =>
  fields.map((field) => {
    const common = {
      label: titleOf(field.name),
      description: field.description,
      value: texts[field.name] ?? defaultText(field),
    };
    return field.kind === 'choice' ? (
      <Select
        key={field.name}
        {...common}
        allowDeselect={false}
        data={field.choices}
        onChange={(value) => onChange({ ...texts, [field.name]: value ?? '' })}
      />
    ) : (
      <TextInput
        key={field.name}
        {...common}
        error={texts[field.name] === undefined ? undefined : problems[field.name]}
        inputMode={field.kind === 'number' ? 'decimal' : 'text'}
        onChange={(event) => onChange({ ...texts, [field.name]: event.currentTarget.value })}
      />
    );
  });
