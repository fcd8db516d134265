import { Textarea, TextInput } from '@mantine/core';
import classes from './new-run-page.module.css';
import type { OwnTests, OwnTestsText } from './own-tests.ts';

interface OwnTestsFormProps {
  readonly text: OwnTestsText;
  readonly tests: OwnTests;
  readonly onChange: (text: OwnTestsText) => void;
}

const fields = [
  { key: 'prefill', label: 'Prefill, tokens', placeholder: '512, 2048' },
  { key: 'decode', label: 'Decode, tokens', placeholder: '128' },
  { key: 'depths', label: 'At depths, tokens', placeholder: '0' },
  { key: 'sequences', label: 'Sequences side by side', placeholder: '1' },
] as const;

/** Tests in place of the preset's: lengths, depths and sequences are crossed with each other. */
export const OwnTestsForm = ({ text, tests, onChange }: OwnTestsFormProps) => (
  <div className={classes.form}>
    {fields.map(({ key, label, placeholder }) => (
      <TextInput
        key={key}
        label={label}
        placeholder={placeholder}
        value={text[key]}
        error={tests.problems[key]}
        onChange={(event) => onChange({ ...text, [key]: event.currentTarget.value })}
      />
    ))}
    <Textarea
      className={classes.wide}
      label="Server tests, one per line"
      description="A load profile with its parameters; what is left out has its default."
      placeholder={'single-stream\nclosed-loop:concurrency=8,promptTokens=256'}
      autosize
      minRows={2}
      value={text.api}
      error={tests.problems.api}
      onChange={(event) => onChange({ ...text, api: event.currentTarget.value })}
    />
  </div>
);
