import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { LocalCost } from '../../../../shared/contract/local-cost.ts';
import { useForm } from '../../../live/use-form.ts';
import { useServices } from '../../../services-context.ts';
import { FormDialog } from '../../../ui/form-dialog.tsx';
import classes from '../access/access.module.css';
import { localCostFormOf, readLocalCostForm, type LocalCostForm } from './local-cost-form.ts';

interface LocalCostDialogProps {
  /** `null`: not set yet. */
  readonly local: LocalCost | null;
  readonly onClose: () => void;
}

/** What the machine costs its owner: energy, hardware, and how much of the day it is there for this. */
export const LocalCostDialog = ({ local, onClose }: LocalCostDialogProps) => {
  const { client, notices, queries } = useServices();
  const [texts, setTexts] = useState(() => localCostFormOf(local));
  const form = useForm(readLocalCostForm(texts), async (input) => {
    await client.costs.setLocal({ local: input });
    queries.invalidate('costs.');
    notices.done('What this machine costs is set.');
    onClose();
  });
  const field = (
    name: keyof LocalCostForm,
    problem: string,
    label: string,
    description: string,
    placeholder?: string,
  ) => (
    <TextInput
      label={label}
      description={description}
      {...(placeholder !== undefined && { placeholder })}
      {...(name === 'perKwh' && { 'data-autofocus': true })}
      value={texts[name]}
      error={form.fields[problem]}
      onChange={(event) => setTexts({ ...texts, [name]: event.currentTarget.value })}
    />
  );
  return (
    <FormDialog title="What this machine costs" submitLabel="Save" form={form} isWide onClose={onClose}>
      <div className={classes.two}>
        {field('currency', 'currency', 'Currency', 'Three letters')}
        {field('perKwh', 'perKwhMicro', 'A kilowatt-hour', 'By your tariff', '0.32')}
        {field('hardware', 'hardwareMicro', 'Hardware', 'What it cost; 0 where it is paid for', '2400')}
        {field('years', 'amortisationYears', 'Written off in, years', 'In equal parts')}
        {field(
          'usedPercent',
          'usedShare',
          'In use, % of the day',
          'The hardware’s price falls on these hours',
        )}
        {field('watts', 'assumedWatts', 'Assumed power, W', 'Only where no energy counter tells', 'none')}
      </div>
    </FormDialog>
  );
};
