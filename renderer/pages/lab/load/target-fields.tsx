import { PasswordInput, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core';
import { loadDialectSchema, type LoadStartInput } from '../../../../shared/contract/load.ts';
import { useLive } from '../../../live/use-live.ts';
import classes from '../lab.module.css';
import { readHeaders } from './headers-text.ts';

/** What is measured, as the form holds it. */
export interface TargetForm {
  readonly kind: 'model' | 'url';
  readonly modelId: string | null;
  readonly url: string;
  readonly served: string;
  readonly key: string;
  readonly dialect: string;
  /** One per line, `Name: value`. */
  readonly headers: string;
}

export const emptyTarget: TargetForm = {
  kind: 'model',
  modelId: null,
  url: '',
  served: '',
  key: '',
  dialect: 'auto',
  headers: '',
};

/** The target as the host takes it; `null` while something is missing. */
export const readTarget = (form: TargetForm, bundledId: string | null): LoadStartInput['target'] | null => {
  if (form.kind === 'model') {
    const model = form.modelId ?? bundledId;
    return model === null ? null : { type: 'model', model };
  }
  const { headers, problem } = readHeaders(form.headers);
  if (!/^https?:\/\/./.test(form.url.trim()) || problem !== null) return null;
  return {
    type: 'url',
    url: form.url.trim(),
    dialect: loadDialectSchema.catch('auto').parse(form.dialect),
    ...(form.served.trim() !== '' && { model: form.served.trim() }),
    ...(form.key !== '' && { apiKey: form.key }),
    ...(Object.keys(headers).length > 0 && { headers: { ...headers } }),
  };
};

interface TargetFieldsProps {
  readonly form: TargetForm;
  readonly bundledId: string | null;
  readonly onChange: (form: TargetForm) => void;
}

/** A model behind Dyno’s own server, or a server at an address. */
export const TargetFields = ({ form, bundledId, onChange }: TargetFieldsProps) => {
  const models = useLive('models').filter((model) => model.problem === null);
  const set = (change: Partial<TargetForm>): void => onChange({ ...form, ...change });
  return (
    <>
      <div>
        <div className={classes.label} id="load-target">
          Target
        </div>
        <SegmentedControl
          aria-labelledby="load-target"
          data={[
            { value: 'model', label: 'A model here' },
            { value: 'url', label: 'A server' },
          ]}
          value={form.kind}
          onChange={(kind) => set({ kind: kind === 'url' ? 'url' : 'model' })}
        />
      </div>
      {form.kind === 'model' ? (
        <Select
          label="Model"
          description="Behind Dyno’s own server"
          searchable
          data={models.map(({ id }) => ({ value: id, label: id }))}
          value={form.modelId ?? bundledId}
          onChange={(modelId) => set({ modelId })}
        />
      ) : (
        <>
          <TextInput
            label="Address"
            description="Base address, such as http://host:8000/v1"
            placeholder="http://localhost:8000/v1"
            value={form.url}
            onChange={(event) => set({ url: event.currentTarget.value })}
          />
          <TextInput
            label="Model name"
            description="Empty: the first it lists"
            value={form.served}
            onChange={(event) => set({ served: event.currentTarget.value })}
          />
          <PasswordInput
            label="API key"
            description="Kept in memory only"
            value={form.key}
            onChange={(event) => set({ key: event.currentTarget.value })}
          />
          <Select
            label="Dialect"
            description="auto: OpenAI chat, else completions"
            allowDeselect={false}
            data={loadDialectSchema.options}
            value={form.dialect}
            onChange={(dialect) => set({ dialect: dialect ?? 'auto' })}
          />
          <Textarea
            label="Request headers"
            description="One per line; values stay in memory"
            placeholder="X-Team: bench"
            autosize
            minRows={1}
            value={form.headers}
            error={readHeaders(form.headers).problem}
            onChange={(event) => set({ headers: event.currentTarget.value })}
          />
        </>
      )}
    </>
  );
};
