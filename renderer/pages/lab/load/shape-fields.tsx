import { Select, TextInput } from '@mantine/core';
import type { ShapeField } from '../../../../shared/contract/load.ts';
import { FileField } from '../../../ui/file-field.tsx';
import { defaultText, type FieldTexts } from './field-values.ts';

interface ShapeFieldsProps {
  readonly fields: readonly ShapeField[];
  readonly texts: FieldTexts;
  readonly problems: Readonly<Record<string, string>>;
  /** Takes a change of the texts as they are then: a chosen file comes later than other changes. */
  readonly onChange: (change: (texts: FieldTexts) => FieldTexts) => void;
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
    // the only texts of a shape are files
    if (field.kind === 'text') {
      return (
        <FileField
          key={field.name}
          {...common}
          accept=".csv,.jsonl,.json"
          error={texts[field.name] === undefined ? undefined : problems[field.name]}
          onChange={(value) => onChange((known) => ({ ...known, [field.name]: value }))}
        />
      );
    }
    return field.kind === 'choice' ? (
      <Select
        key={field.name}
        {...common}
        allowDeselect={false}
        data={field.choices}
        onChange={(value) => onChange((known) => ({ ...known, [field.name]: value ?? '' }))}
      />
    ) : (
      <TextInput
        key={field.name}
        {...common}
        error={texts[field.name] === undefined ? undefined : problems[field.name]}
        inputMode={field.kind === 'number' ? 'decimal' : 'text'}
        onChange={(event) => {
          const { value } = event.currentTarget; // gone by the time the change is made
          onChange((known) => ({ ...known, [field.name]: value }));
        }}
      />
    );
  });
