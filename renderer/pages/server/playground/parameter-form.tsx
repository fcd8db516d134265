import { NumberInput, Textarea } from '@mantine/core';
import { formatCounted } from '../../../../shared/units/format.ts';
import classes from './parameter-form.module.css';
import type { PlaygroundParameters } from './use-playground.ts';

interface ParameterFormProps {
  readonly parameters: PlaygroundParameters;
  readonly onChange: (parameters: PlaygroundParameters) => void;
}

/** How to generate. A cleared field takes the server's default back. */
export const ParameterForm = ({ parameters, onChange }: ParameterFormProps) => {
  const numberOr = (value: string | number, fallback: number): number =>
    typeof value === 'number' ? value : fallback;
  return (
    <details>
      <summary className={classes.summary}>
        Parameters: temperature {parameters.temperature}, at most{' '}
        {formatCounted(parameters.maxTokens, 'token')}
      </summary>
      <div className={classes.grid}>
        <NumberInput
          label="Temperature"
          min={0}
          max={2}
          step={0.1}
          value={parameters.temperature}
          onChange={(value) => onChange({ ...parameters, temperature: numberOr(value, 0) })}
        />
        <NumberInput
          label="Top-p"
          min={0.01}
          max={1}
          step={0.05}
          value={parameters.topP}
          onChange={(value) => onChange({ ...parameters, topP: Math.max(0.01, numberOr(value, 1)) })}
        />
        <NumberInput
          label="Max. tokens"
          min={1}
          max={131_072}
          step={64}
          value={parameters.maxTokens}
          onChange={(value) =>
            onChange({ ...parameters, maxTokens: Math.max(1, Math.round(numberOr(value, 256))) })
          }
        />
        <NumberInput
          label="Seed"
          min={0}
          placeholder="random"
          value={parameters.seed ?? ''}
          onChange={(value) =>
            onChange({ ...parameters, seed: typeof value === 'number' ? Math.round(value) : undefined })
          }
        />
        <Textarea
          className={classes.wide ?? ''}
          label="System prompt"
          autosize
          minRows={1}
          maxRows={6}
          value={parameters.systemPrompt}
          onChange={(event) => onChange({ ...parameters, systemPrompt: event.currentTarget.value })}
        />
      </div>
    </details>
  );
};
