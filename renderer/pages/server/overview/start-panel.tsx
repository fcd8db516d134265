import { MultiSelect, Select, TagsInput } from '@mantine/core';
import type { ServerStatus } from '../../../../shared/contract/server.ts';
import { formatFraction } from '../../../../shared/units/format.ts';
import { readLora } from '../../../../shared/units/read-lora.ts';
import { useLive } from '../../../live/use-live.ts';
import { fromErrorPayload } from '../../../transport/problem.ts';
import { FailedState } from '../../../ui/failed-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import classes from './start-panel.module.css';

interface StartPanelProps {
  readonly server: Exclude<ServerStatus, { type: 'on' }>;
  /** The model that is chosen, and would be served. */
  readonly modelId: string | null;
  readonly onChoose: (modelId: string | null) => void;
  /** Models that would be served beside it. */
  readonly alsoIds: readonly string[];
  readonly onChooseAlso: (modelIds: readonly string[]) => void;
  /** Adapters of the chosen model, `FILE[=scale]`. */
  readonly loraTexts: readonly string[];
  readonly onChooseLora: (texts: readonly string[]) => void;
}

/** The server while it is off, loading, or failed. The page's button turns it on. */
export const StartPanel = (props: StartPanelProps) => {
  const { server, modelId, onChoose, alsoIds, onChooseAlso, loraTexts, onChooseLora } = props;
  const usable = useLive('models').filter((model) => model.problem === null);
  return (
    <Panel title={server.type === 'starting' ? `Loading ${server.modelId}` : 'The server is off'}>
      {server.type === 'failed' ? <FailedState problem={fromErrorPayload(server.error)} /> : null}
      {server.type === 'starting' ? (
        <div className={classes.loading}>
          <ProgressBar label={`Loading ${server.modelId}`} fraction={server.fraction} />
          <span className="figures">{formatFraction(server.fraction)}</span>
        </div>
      ) : (
        <div className={classes.choices}>
          <Select
            label="Model to serve"
            description="Answers requests that name no model"
            searchable
            data={usable.map((model) => ({ value: model.id, label: model.id }))}
            value={modelId}
            onChange={onChoose}
          />
          <MultiSelect
            label="Beside it"
            description="At the same address, each in an engine of its own"
            searchable
            maxValues={7}
            data={usable.filter(({ id }) => id !== modelId).map(({ id }) => ({ value: id, label: id }))}
            value={alsoIds.filter((id) => id !== modelId)}
            onChange={onChooseAlso}
          />
          <TagsInput
            label="LoRA adapters"
            description="GGUF files for that model, FILE or FILE=scale; Enter adds one"
            placeholder={loraTexts.length === 0 ? '/models/style.gguf=0.5' : undefined}
            maxTags={16}
            value={[...loraTexts]}
            onChange={onChooseLora}
            error={loraTexts.find((text) => readLora(text) === undefined) && 'A scale is −100 to 100'}
          />
        </div>
      )}
    </Panel>
  );
};
