import { MultiSelect, Switch, TextInput } from '@mantine/core';
import { noLimits } from '../../../../shared/contract/limits.ts';
import { useLive } from '../../../live/use-live.ts';
import classes from '../access/access.module.css';
import { LimitFields } from '../access/limit-fields.tsx';
import { writeLimits } from '../access/limit-texts.ts';
import type { KeyFieldsProps } from './key-role-fields.tsx';

/** Choosing a model adds three fields for it, leaving it out takes them away. */
const ModelLimitFields = ({ form, onChange }: Omit<KeyFieldsProps, 'fields'>) => {
  const models = useLive('models').map(({ id }) => id);
  const limited = Object.keys(form.modelLimits);
  return (
    <>
      <MultiSelect
        label="Limits of their own for"
        placeholder={limited.length === 0 ? 'no model' : ''}
        searchable
        data={[...new Set([...models, ...limited])]}
        value={limited}
        onChange={(chosen) =>
          onChange({
            ...form,
            modelLimits: Object.fromEntries(
              chosen.map((model) => [model, form.modelLimits[model] ?? writeLimits(noLimits)]),
            ),
          })
        }
      />
      {Object.entries(form.modelLimits).map(([model, texts]) => (
        <div key={model}>
          <div className={classes.sub}>{model}</div>
          <LimitFields
            of={`for ${model}`}
            texts={texts}
            onChange={(next) => onChange({ ...form, modelLimits: { ...form.modelLimits, [model]: next } })}
          />
        </div>
      ))}
    </>
  );
};

/** How long a key lives, and when it must be replaced. */
const LifeFields = ({ form, fields, isNew, onChange }: KeyFieldsProps & { readonly isNew: boolean }) => {
  const field = (name: 'expiresDays' | 'maxAgeDays' | 'maxIdleDays', label: string, description: string) => (
    <TextInput
      label={label}
      description={description}
      placeholder="never"
      inputMode="decimal"
      value={form[name]}
      error={fields[name]}
      onChange={(event) => onChange({ ...form, [name]: event.currentTarget.value })}
    />
  );
  return (
    <fieldset className={classes.group}>
      <legend>Life</legend>
      <div className={classes.three}>
        {isNew ? field('expiresDays', 'Ends after, days', 'For good, whatever happens') : null}
        {field('maxAgeDays', 'Rotate after, days', 'It must be replaced then')}
        {field('maxIdleDays', 'End unused after, days', 'Counted from its last use')}
      </div>
      <Switch
        label="Rotate by itself"
        description="At that age a successor is made and lies in the data folder’s keys/; the old key works on for 24 h."
        checked={form.isAutomatic && form.maxAgeDays.trim() !== ''}
        disabled={form.maxAgeDays.trim() === ''}
        onChange={(event) => onChange({ ...form, isAutomatic: event.currentTarget.checked })}
      />
    </fieldset>
  );
};

/** What a key may ask, how often, and how long. */
export const KeyUseFields = (props: KeyFieldsProps & { readonly isNew: boolean }) => {
  const { form, fields, onChange } = props;
  const models = useLive('models').map(({ id }) => id);
  return (
    <>
      <MultiSelect
        label="Models"
        description="Others are refused"
        placeholder={form.models.length === 0 ? 'every model' : ''}
        searchable
        data={[...new Set([...models, ...form.models])]}
        value={[...form.models]}
        error={fields.models}
        onChange={(chosen) => onChange({ ...form, models: chosen })}
      />
      <fieldset className={classes.group}>
        <legend>Limits</legend>
        <LimitFields texts={form.limits} onChange={(limits) => onChange({ ...form, limits })} />
        <ModelLimitFields form={form} onChange={onChange} />
      </fieldset>
      <LifeFields {...props} />
    </>
  );
};
