import { MultiSelect, NumberInput, SegmentedControl, Select } from '@mantine/core';
import type { Model } from '../../../../shared/contract/models.ts';
import { FileField } from '../../../ui/file-field.tsx';
import lab from '../lab.module.css';
import type { JudgementForm } from './judgement.ts';

interface JudgementFieldsProps {
  readonly form: JudgementForm;
  readonly models: readonly Model[];
  readonly bundledId: string | null;
  /** Takes a change of the form as it is then: a chosen file comes later than other changes. */
  readonly onChange: (change: (form: JudgementForm) => JudgementForm) => void;
}

const taskChoices = [
  { value: 'bundled', label: 'Bundled tasks' },
  { value: 'own', label: 'Tasks of your own' },
  { value: 'none', label: 'None: text alone' },
] as const;

/** A base or the pack of one, candidates, and what they are judged on. */
export const JudgementFields = ({ form, models, bundledId, onChange }: JudgementFieldsProps) => {
  const set = (change: Partial<JudgementForm>): void => onChange((known) => ({ ...known, ...change }));
  const base = form.base ?? bundledId;
  const hasBase = form.against === 'base';
  const options = models
    .filter(({ id }) => !hasBase || id !== base)
    .map(({ id }) => ({ value: id, label: id }));
  return (
    <div className={lab.form}>
      <div>
        <div className={lab.label} id="quality-against">
          Against
        </div>
        <SegmentedControl
          aria-labelledby="quality-against"
          data={[
            { value: 'base', label: 'Its base' },
            { value: 'pack', label: 'A pack' },
          ]}
          value={form.against}
          onChange={(against) => set({ against: against === 'pack' ? 'pack' : 'base' })}
        />
      </div>
      {hasBase ? (
        <Select
          label="Base"
          description="F16, or the largest file there is"
          searchable
          allowDeselect={false}
          data={models.map(({ id }) => ({ value: id, label: id }))}
          value={base}
          onChange={(chosen) => set({ base: chosen })}
        />
      ) : (
        <FileField
          label="Reference pack"
          description="Stands in for the base: divergences are then lower bounds"
          accept=".pack"
          isBinary
          value={form.pack}
          onChange={(pack) => set({ pack })}
        />
      )}
      <MultiSelect
        label="Candidates"
        description="Quantizations of the same model"
        searchable
        data={options}
        value={options.map(({ value }) => value).filter((id) => form.candidates.includes(id))}
        onChange={(candidates) => set({ candidates })}
      />
      <NumberInput
        label="Windows"
        description="Of 512 tokens; empty: the whole text"
        min={2}
        allowDecimal={false}
        value={form.maxWindows ?? ''}
        onChange={(value) => set({ maxWindows: typeof value === 'number' && value >= 2 ? value : null })}
      />
      {hasBase ? (
        <>
          <FileField
            label="Text"
            description="Empty: Dyno’s own held-out text"
            accept=".txt,.md"
            value={form.text}
            onChange={(text) => set({ text })}
          />
          <Select
            label="Tasks"
            description="Questions with one right answer"
            allowDeselect={false}
            data={[...taskChoices]}
            value={form.tasks}
            onChange={(value) =>
              set({ tasks: taskChoices.find((one) => one.value === value)?.value ?? 'bundled' })
            }
          />
          {form.tasks === 'own' ? (
            <FileField
              label="Task file"
              description="JSONL: messages and answer, one per line"
              accept=".jsonl,.json"
              value={form.taskFile}
              onChange={(taskFile) => set({ taskFile })}
            />
          ) : null}
        </>
      ) : null}
    </div>
  );
};
