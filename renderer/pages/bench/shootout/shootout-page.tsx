import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { Model } from '../../../../shared/contract/models.ts';
import { formatGib, formatRough } from '../../../../shared/units/format.ts';
import { useAction } from '../../../live/use-action.ts';
import { useLive } from '../../../live/use-live.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Page } from '../../../ui/page.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { FileField } from '../../../ui/file-field.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { StartButton } from '../../../ui/start-button.tsx';
import { ModelPicker } from '../model-picker.tsx';
import columns from '../new-run-page.module.css';
import { PresetPicker } from '../preset-picker.tsx';
import { bytesToMake, sourceOf, typeChoices, USUAL_TYPES } from './shootout-plan.ts';
import classes from './shootout.module.css';
import { TypePicker } from './type-picker.tsx';

interface Wish {
  readonly files: number;
  readonly makeBytes: number;
  readonly secondsPerModel: number | null;
}

const wishWords = ({ files, makeBytes, secondsPerModel }: Wish): string => {
  if (files < 2)
    return 'Choose an unquantized model and the types to make of it, or several files of one model.';
  const made = makeBytes === 0 ? '' : ` ${formatGib(makeBytes)} GiB of files are made first.`;
  const time =
    secondsPerModel === null
      ? ' The first run will tell how long it takes here.'
      : ` About ${formatRough(secondsPerModel * files * 1000)} for the speed, and then the quality.`;
  return `${files} files, speed in turns, quality against the largest unquantized one.${made}${time}`;
};

/** Only what can be judged: whole files of real weights. */
const isUsable = (model: Model): boolean => model.problem === null && !model.isSynthetic;

/** A model and its quantizations, measured for speed and quality on one screen. */
export const ShootoutPage = ({ initialModelId }: { readonly initialModelId: string | null }) => {
  const { client, queries, router } = useServices();
  const models = useLive('models').filter(isUsable);
  const isLoaded = useLive('isLoaded');
  const presets = useQuery(queries.presets());
  const types = useQuery(queries.quantTypes());
  const [chosenIds, setChosenIds] = useState<readonly string[]>(
    initialModelId === null ? [] : [initialModelId],
  );
  const [wished, setWished] = useState<readonly string[]>(USUAL_TYPES);
  const [presetName, setPresetName] = useState('quick');
  const [text, setText] = useState('');
  const [calibration, setCalibration] = useState('');
  const [hasTasks, setHasTasks] = useState(false);

  const chosen = models.filter((model) => chosenIds.includes(model.id));
  const source = sourceOf(chosen);
  const choices =
    source === undefined || types.data === undefined
      ? []
      : typeChoices(source, types.data, models, calibration.trim() !== '');
  const make = choices.map(({ type }) => type.name).filter((name) => wished.includes(name));
  const files = chosen.length + make.length;
  const preset = presets.data?.find((candidate) => candidate.name === presetName);

  const start = useAction(async () => {
    const { runId } = await client.bench.start({
      models: chosen
        .toSorted((a, b) => Number(b === source) - Number(a === source) || b.sizeBytes - a.sizeBytes)
        .map((model) => model.id),
      preset: presetName,
      judge: { text: text.trim() === '' ? 'bundled' : text.trim(), tasks: hasTasks ? 'bundled' : 'none' },
      ...(make.length > 0 && { make }),
      ...(make.length > 0 && calibration.trim() !== '' && { imatrixText: calibration.trim() }),
    });
    router.go({ page: 'run', runId, view: 'comparison' });
  });

  return (
    <Page
      title="Shoot-out"
      lead={wishWords({
        files,
        makeBytes: bytesToMake(choices, make),
        secondsPerModel: preset?.secondsPerModel ?? null,
      })}
      actions={
        <StartButton action={start} isDisabled={files < 2 || preset === undefined}>
          Start
        </StartButton>
      }
    >
      <div className={columns.columns}>
        <ModelPicker models={models} isLoaded={isLoaded} chosen={chosenIds} onChange={setChosenIds} />
        <div className={columns.side}>
          <Panel title={source === undefined ? 'Quantizations' : `Quantizations of ${source.id}`} isFlush>
            {source === undefined ? (
              <EmptyState text="Choose an unquantized model (F16, BF16 or F32), and Dyno makes the types you tick." />
            ) : (
              <QueryView query={types} what="the types">
                {() => <TypePicker choices={choices} chosen={make} onChange={setWished} />}
              </QueryView>
            )}
          </Panel>
          {source === undefined ? null : (
            <Panel title="Importance matrix">
              <div className={classes.form}>
                <FileField
                  accept=".txt,.md"
                  label="Text of the matrix"
                  description="Optional: a text of the kind the model will meet, not the one it is judged on: the files are then made with an importance matrix, which the smallest types need."
                  value={calibration}
                  onChange={setCalibration}
                />
              </div>
            </Panel>
          )}
          <Panel title="Quality">
            <div className={classes.form}>
              <FileField
                accept=".txt,.md"
                label="Text"
                description="A plain text the models have not seen; empty: Dyno’s own held-out text, which suits the bundled model."
                value={text}
                onChange={setText}
              />
              <Checkbox
                label="Also count right answers to the bundled tasks"
                description="Made for the bundled model; other models need tasks of their own."
                checked={hasTasks}
                onChange={(event) => setHasTasks(event.currentTarget.checked)}
              />
            </div>
          </Panel>
          <Panel title="Speed">
            <QueryView query={presets} what="the presets">
              {(list) => <PresetPicker presets={list} chosen={presetName} onChoose={setPresetName} />}
            </QueryView>
          </Panel>
        </div>
      </div>
    </Page>
  );
};
