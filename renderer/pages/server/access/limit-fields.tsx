import { TextInput } from '@mantine/core';
import classes from './access.module.css';
import { limitNames, limitProblems, type LimitTexts } from './limit-texts.ts';

const titles: Readonly<Record<keyof LimitTexts, string>> = {
  requestsPerMinute: 'Requests a minute',
  tokensPerMinute: 'Tokens a minute',
  concurrency: 'Requests at once',
};

interface LimitFieldsProps {
  readonly texts: LimitTexts;
  /** What they limit, where a form has several: `for dyno-demo`. */
  readonly of?: string;
  readonly onChange: (texts: LimitTexts) => void;
}

/** Three limits side by side; an empty field is no limit. */
export const LimitFields = ({ texts, of, onChange }: LimitFieldsProps) => {
  const problems = limitProblems(texts);
  return (
    <div className={classes.three}>
      {limitNames.map((name) => (
        <TextInput
          key={name}
          label={titles[name]}
          {...(of !== undefined && { 'aria-label': `${titles[name]} ${of}` })}
          placeholder="no limit"
          inputMode="numeric"
          value={texts[name]}
          error={problems[name]}
          onChange={(event) => onChange({ ...texts, [name]: event.currentTarget.value })}
        />
      ))}
    </div>
  );
};
