import { Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { budgetWindows, budgetWindowSchema, type Budget } from '../../../../shared/contract/budgets.ts';
import { DEFAULT_TENANT } from '../../../../shared/contract/keys.ts';
import { useForm } from '../../../live/use-form.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import classes from '../access/access.module.css';
import { isGood } from '../keys/key-state-text.ts';
import { budgetFormOf, emptyBudgetForm, readBudgetForm, type BudgetForm } from './budget-form.ts';

const TOKENS = 'tokens';

interface FieldsProps {
  readonly texts: BudgetForm;
  readonly fields: Readonly<Record<string, string>>;
  readonly isNew: boolean;
  readonly onChange: (texts: BudgetForm) => void;
}

/** Whose it is, over what window, and in what it counts: what it is known by, so it never changes. */
const IdFields = ({ texts, fields, isNew, onChange }: FieldsProps) => {
  const { queries } = useServices();
  const tenants = useQuery(queries.tenants()).data ?? [];
  const keys = useQuery(queries.keys()).data ?? [];
  const currencies = [...new Set(useQuery(queries.prices()).data?.map(({ currency }) => currency))];
  const owners = [
    { group: 'Tenants', items: tenants.map(({ id, name }) => ({ value: `tenant/${id}`, label: name })) },
    {
      group: 'Keys',
      items: keys
        .filter((key) => isGood(key) || !isNew)
        .map(({ id, name, lastFour }) => ({ value: `key/${id}`, label: `${name} …${lastFour}` })),
    },
  ];
  return (
    <>
      <Select
        label="Of"
        description="All keys of a tenant together; or a key, its successors and the keys it made"
        disabled={!isNew}
        searchable
        data={owners}
        value={texts.ownerId === '' ? null : `${texts.ownerType}/${texts.ownerId}`}
        error={fields.owner}
        onChange={(owner) => {
          const [type, id] = (owner ?? '/').split('/');
          onChange({ ...texts, ownerType: type === 'key' ? 'key' : 'tenant', ownerId: id ?? '' });
        }}
      />
      <div className={classes.two}>
        <Select
          label="Window"
          description="Of the calendar, UTC; then it begins anew"
          disabled={!isNew}
          data={budgetWindows}
          value={texts.window}
          error={fields.window}
          onChange={(window) =>
            onChange({ ...texts, window: budgetWindowSchema.catch(texts.window).parse(window) })
          }
        />
        <Select
          label="In"
          description={
            currencies.length === 0 ? 'For money, set a price on the tab Costs first' : 'Money by the prices'
          }
          disabled={!isNew}
          data={[TOKENS, ...new Set([...currencies, ...(texts.currency === '' ? [] : [texts.currency])])]}
          value={texts.currency === '' ? TOKENS : texts.currency}
          error={fields.currency}
          onChange={(unit) => onChange({ ...texts, currency: unit === null || unit === TOKENS ? '' : unit })}
        />
      </div>
    </>
  );
};

interface BudgetDialogProps {
  /** `null`: a new one. */
  readonly budget: Budget | null;
  readonly onClose: () => void;
}

/** Sets what a tenant or a key may use in a window. */
export const BudgetDialog = ({ budget, onClose }: BudgetDialogProps) => {
  const { client, notices, queries } = useServices();
  const isNew = budget === null;
  const [texts, setTexts] = useState(() => (isNew ? emptyBudgetForm(DEFAULT_TENANT) : budgetFormOf(budget)));
  const form = useForm(readBudgetForm(texts), async (input) => {
    await client.budgets.set(input);
    queries.invalidate('budgets.');
    notices.done('The budget is set; it holds from the next request on.');
    onClose();
  });
  return (
    <FormDialog
      title={isNew ? 'New budget' : 'Budget'}
      submitLabel={isNew ? 'Set the budget' : 'Save'}
      form={form}
      isWide
      onClose={onClose}
    >
      <IdFields texts={texts} fields={form.fields} isNew={isNew} onChange={setTexts} />
      <div className={classes.two}>
        <TextInput
          label={texts.currency === '' ? 'Tokens' : `Amount, ${texts.currency}`}
          description={texts.currency === '' ? 'Prompt and output together' : 'By the price of each model'}
          placeholder={texts.currency === '' ? '2,000,000' : '20'}
          data-autofocus
          inputMode="decimal"
          value={texts.limit}
          error={form.fields.limit}
          onChange={(event) => setTexts({ ...texts, limit: event.currentTarget.value })}
        />
        <TextInput
          label="Tell at, %"
          description="Once in each window; nothing: never"
          value={texts.alerts}
          error={form.fields.alertPercents}
          onChange={(event) => setTexts({ ...texts, alerts: event.currentTarget.value })}
        />
      </div>
      <Switch
        label="Refuse requests past it"
        description="With 429 insufficient_quota until the window ends; off: it is only told"
        checked={texts.isEnforced}
        onChange={(event) => setTexts({ ...texts, isEnforced: event.currentTarget.checked })}
      />
    </FormDialog>
  );
};
