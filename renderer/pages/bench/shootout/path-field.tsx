import { TextInput } from '@mantine/core';

interface PathFieldProps {
  readonly label: string;
  readonly description: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The path of a file on the machine that measures, typed by hand. */
export const PathField = ({ label, description, value, onChange }: PathFieldProps) => (
  <TextInput
    label={label}
    description={description}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value)}
  />
);
