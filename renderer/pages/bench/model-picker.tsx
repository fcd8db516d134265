import { Button } from '@mantine/core';
import type { Model } from '../../../shared/contract/models.ts';
import { formatFigure, formatGib } from '../../../shared/units/format.ts';
import { useServices } from '../../services-context.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LoadingState } from '../../ui/loading-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import classes from './pickers.module.css';

interface ModelPickerProps {
  readonly models: readonly Model[];
  readonly isLoaded: boolean;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Files of one model stand together, the largest first: that is the order of a comparison. */
const inOrder = (models: readonly Model[]): readonly Model[] =>
  models.toSorted((left, right) => left.name.localeCompare(right.name) || right.sizeBytes - left.sizeBytes);

/** Marks the files to measure. */
export const ModelPicker = ({ models, isLoaded, chosen, onChange }: ModelPickerProps) => {
  const { dialogs } = useServices();
  const toggle = (id: string): void =>
    onChange(chosen.includes(id) ? chosen.filter((known) => known !== id) : [...chosen, id]);
  return (
    <Panel
      title={`Models, ${chosen.length} chosen`}
      isFlush
      actions={
        chosen.length === 0 ? undefined : (
          <Button variant="subtle" size="compact-xs" onClick={() => onChange([])}>
            Clear
          </Button>
        )
      }
    >
      {!isLoaded ? (
        <LoadingState what="the models" />
      ) : models.length === 0 ? (
        <EmptyState
          text="No usable model is in the library."
          action={
            <Button onClick={() => dialogs.open({ type: 'add-model', tab: 'download', fileName: null })}>
              Add model
            </Button>
          }
        />
      ) : (
        <div role="group" aria-label="Models to measure" className={classes.list}>
          {inOrder(models).map((model) => (
            <label key={model.id} className={classes.model}>
              <input type="checkbox" checked={chosen.includes(model.id)} onChange={() => toggle(model.id)} />
              <span className={classes.name}>{model.id}</span>
              <span className="mono">{model.quantization}</span>
              <span className={classes.figure}>{formatFigure(model.bitsPerWeight)} bpw</span>
              <span className={classes.figure}>{formatGib(model.sizeBytes)} GiB</span>
            </label>
          ))}
        </div>
      )}
    </Panel>
  );
};
