import { Autocomplete, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PriceSheet } from '../../../../shared/contract/prices.ts';
import { useForm } from '../../../live/use-form.ts';
import { useLive } from '../../../live/use-live.ts';
import { useNow } from '../../../live/use-now.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import classes from '../access/access.module.css';
import { PastNote } from './past-note.tsx';
import { emptyPriceForm, priceFormOf, readPriceForm, type PriceForm } from './price-form.ts';

interface FieldsProps {
  readonly texts: PriceForm;
  readonly fields: Readonly<Record<string, string>>;
  readonly onChange: (texts: PriceForm) => void;
}

const PriceFields = ({ texts, fields, onChange }: FieldsProps) => {
  const field = (name: 'prompt' | 'cached' | 'output', label: string, placeholder: string) => (
    <TextInput
      label={label}
      placeholder={placeholder}
      inputMode="decimal"
      value={texts[name]}
      error={fields[`${name}Micro`]}
      onChange={(event) => onChange({ ...texts, [name]: event.currentTarget.value })}
    />
  );
  return (
    <fieldset className={classes.group}>
      <legend>For a million tokens</legend>
      <div className={classes.three}>
        {field('prompt', 'Prompt', '0.25')}
        {field('cached', 'Prompt, cached', 'as the prompt')}
        {field('output', 'Output', '1')}
      </div>
    </fieldset>
  );
};

interface PriceDialogProps {
  /** `null`: a new one. */
  readonly sheet: PriceSheet | null;
  readonly onClose: () => void;
}

/** Sets what a model costs from a day on, or changes what was set. */
export const PriceDialog = ({ sheet, onClose }: PriceDialogProps) => {
  const { client, notices, queries } = useServices();
  const nowMs = useNow(60_000);
  const sheets = useQuery(queries.prices()).data ?? [];
  const models = useLive('models').map(({ id }) => id);
  const isNew = sheet === null;
  const [texts, setTexts] = useState(() =>
    isNew
      ? emptyPriceForm(new Date(nowMs).toISOString().slice(0, 10), sheets.at(-1)?.currency ?? 'EUR')
      : priceFormOf(sheet),
  );
  const read = readPriceForm(texts);
  const form = useForm(read, async (input) => {
    const { model, currency, fromDay } = await client.prices.set(input);
    queries.invalidate('prices.');
    queries.invalidate('costs.');
    notices.done(`The price of ${model} in ${currency} holds from ${fromDay} on.`);
    onClose();
  });
  const replaced =
    isNew && read.type === 'ready'
      ? sheets.find(
          ({ model, currency, fromDay }) =>
            model === read.input.model && currency === read.input.currency && fromDay === read.input.fromDay,
        )
      : undefined;
  return (
    <FormDialog
      title={isNew ? 'New price' : `Price of ${sheet.model}`}
      submitLabel={isNew ? 'Set the price' : 'Save'}
      form={form}
      isWide
      onClose={onClose}
    >
      <Autocomplete
        label="Model"
        description="A model, or the beginning of several with a * at its end"
        placeholder="llama*"
        {...(isNew && { 'data-autofocus': true })}
        disabled={!isNew}
        data={['*', ...models]}
        value={texts.model}
        error={form.fields.model}
        onChange={(model) => setTexts({ ...texts, model })}
      />
      <div className={classes.two}>
        <TextInput
          label="Currency"
          description="Three letters"
          disabled={!isNew}
          value={texts.currency}
          error={form.fields.currency}
          onChange={(event) => setTexts({ ...texts, currency: event.currentTarget.value })}
        />
        <TextInput
          label="From"
          description="The first day it holds, UTC"
          type="date"
          disabled={!isNew}
          value={texts.fromDay}
          error={form.fields.fromDay}
          onChange={(event) => setTexts({ ...texts, fromDay: event.currentTarget.value })}
        />
      </div>
      <PriceFields texts={texts} fields={form.fields} onChange={setTexts} />
      {replaced === undefined ? null : (
        <p className={classes.note}>It replaces the price that is set for that model, currency and day.</p>
      )}
      {read.type === 'ready' ? <PastNote sheet={read.input} sheets={sheets} nowMs={nowMs} /> : null}
    </FormDialog>
  );
};
