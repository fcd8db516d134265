import { NumberInput, Select } from '@mantine/core';
import type { Settings } from '../../../shared/contract/settings.ts';
import classes from './settings-page.module.css';

type Engine = Settings['engine'];

interface EngineDefaultsProps {
  readonly engine: Engine;
  readonly onChange: (engine: Engine) => void;
}

const kvTypes = ['F16', 'F32', 'BF16', 'Q8_0', 'Q5_1', 'Q5_0', 'Q4_1', 'Q4_0'] as const;

const numberFields = [
  { key: 'contextSize', label: 'Context per slot, tokens', min: 16, fallback: 'auto' },
  { key: 'slots', label: 'Slots', min: 1, fallback: '4' },
  { key: 'threads', label: 'Threads', min: 1, fallback: 'auto' },
  {
    key: 'batchSize',
    label: 'Batch, tokens',
    min: 32,
    fallback: '512',
    about: 'Also llama.cpp’s ubatch: node-llama-cpp ties the two.',
  },
  { key: 'gpuLayers', label: 'GPU layers', min: 0, fallback: 'auto' },
] as const;

const without = (engine: Engine, key: keyof Engine): Engine =>
  Object.fromEntries(Object.entries(engine).filter(([name]) => name !== key));

/** What an engine is loaded with unless told otherwise. An empty field is Dyno's own choice, recorded at load. */
export const EngineDefaults = ({ engine, onChange }: EngineDefaultsProps) => (
  <div className={classes.grid}>
    {numberFields.map(({ key, label, min, fallback, ...more }) => {
      const value = engine[key];
      return (
        <NumberInput
          key={key}
          label={label}
          description={'about' in more ? more.about : undefined}
          placeholder={fallback}
          min={min}
          defaultValue={typeof value === 'number' ? value : ''}
          thousandSeparator=""
          onBlur={(event) => {
            const text = event.currentTarget.value;
            const next = text === '' ? undefined : Number(text);
            if (next === (typeof value === 'number' ? value : undefined)) return;
            onChange(next === undefined || next < min ? without(engine, key) : { ...engine, [key]: next });
          }}
        />
      );
    })}
    <Select
      label="Flash attention"
      data={['auto', 'on', 'off']}
      value={engine.flashAttention ?? 'auto'}
      onChange={(value) => {
        if (value === 'on' || value === 'off') onChange({ ...engine, flashAttention: value });
        else onChange(without(engine, 'flashAttention'));
      }}
    />
    {(['kvKeyType', 'kvValueType'] as const).map((key) => (
      <Select
        key={key}
        label={key === 'kvKeyType' ? 'KV cache, keys' : 'KV cache, values'}
        data={[...kvTypes]}
        value={engine[key] ?? 'F16'}
        onChange={(value) => {
          const type = kvTypes.find((candidate) => candidate === value);
          if (type !== undefined) onChange({ ...engine, [key]: type });
        }}
      />
    ))}
    <Select
      label="Map the file into memory"
      data={['auto', 'on', 'off']}
      value={
        engine.useMmap === undefined || engine.useMmap === 'auto' ? 'auto' : engine.useMmap ? 'on' : 'off'
      }
      onChange={(value) =>
        onChange(value === 'auto' ? without(engine, 'useMmap') : { ...engine, useMmap: value === 'on' })
      }
    />
  </div>
);
