import { Checkbox, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Preset } from '../../../shared/contract/preset.ts';
import type { EngineSettingsPatch } from '../../../shared/contract/models.ts';
import { formatRough } from '../../../shared/units/format.ts';
import { useAction } from '../../live/use-action.ts';
import { useQuery } from '../../live/use-query.ts';
import { useLive } from '../../live/use-live.ts';
import { useServices } from '../../services-context.ts';
import { FoldPanel } from '../../ui/fold-panel.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StartButton } from '../../ui/start-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { EngineDefaults } from '../settings/engine-defaults.tsx';
import { areTwo, type ArmSettings } from './arm-settings.ts';
import { ModelPicker } from './model-picker.tsx';
import classes from './new-run-page.module.css';
import { OwnTestsForm } from './own-tests-form.tsx';
import { noOwnTests, readOwnTests } from './own-tests.ts';
import { PresetPicker } from './preset-picker.tsx';
import { TwoSettings } from './two-settings.tsx';

const estimateWords = (preset: Preset | undefined, files: number, ownTests: number): string => {
  if (preset === undefined || files === 0) return 'Choose at least one model.';
  const fileWords = `${files} ${files === 1 ? 'file' : 'files'}`;
  if (ownTests > 0) {
    return `${fileWords} with ${ownTests} ${ownTests === 1 ? 'test' : 'tests'} of your own, by the rules of ${preset.title}.`;
  }
  const what = `${fileWords} with ${preset.title}`;
  return preset.secondsPerModel === null
    ? `${what}. The first run will tell how long it takes here.`
    : `${what}: about ${formatRough(preset.secondsPerModel * files * 1000)} on this machine.`;
};

/** Whole and at least `least`, or undefined for an empty field. */
const wholeNumber = (value: string | number, least: number): number | undefined =>
  typeof value === 'number' && value >= least ? Math.round(value) : undefined;

/** One step: which models, which preset, Start. Everything else has a default. */
export const NewRunPage = ({ initialModelIds }: { readonly initialModelIds: readonly string[] }) => {
  const { client, queries, router } = useServices();
  const models = useLive('models');
  const isLoaded = useLive('isLoaded');
  const presets = useQuery(queries.presets());
  const [chosen, setChosen] = useState<readonly string[]>(initialModelIds);
  const [presetName, setPresetName] = useState('quick');
  const [name, setName] = useState('');
  const [repetitions, setRepetitions] = useState<number | undefined>();
  const [seed, setSeed] = useState<number | undefined>();
  const [engine, setEngine] = useState<EngineSettingsPatch>({});
  const [isUntilDecided, setUntilDecided] = useState(false);
  const [armSettings, setArms] = useState<ArmSettings | null>(null);
  const [ownText, setOwnText] = useState(noOwnTests);
  const preset = presets.data?.find((candidate) => candidate.name === presetName);

  const isPair = chosen.length === 2;
  const [only, ...others] = chosen;
  const arms = only !== undefined && others.length === 0 ? armSettings : null;
  const isSame = arms !== null && !areTwo(arms);
  const own = readOwnTests(ownText);
  const ownCount = own.engineTests.length + own.apiTests.length;
  const isUnclear = Object.keys(own.problems).length > 0;

  const start = useAction(async () => {
    const { runId } = await client.bench.start({
      models: arms === null ? [...chosen] : [...chosen, ...chosen],
      preset: presetName,
      ...((isPair && isUntilDecided) || arms !== null ? { untilDecided: {} } : {}),
      ...(arms === null ? {} : { ownSettings: [arms.a, arms.b] }),
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      ...(repetitions === undefined ? {} : { repetitions }),
      ...(seed === undefined ? {} : { seed }),
      ...(ownCount === 0 ? {} : { engineTests: [...own.engineTests], apiTests: [...own.apiTests] }),
      ...(Object.keys(engine).length === 0 ? {} : { settings: engine }),
    });
    router.go({ page: 'run', runId, view: 'comparison' });
  });

  return (
    <Page
      title="New run"
      lead={
        isSame
          ? 'Give A or B a setting that the other does not have.'
          : estimateWords(preset, chosen.length, ownCount)
      }
      actions={
        <StartButton
          action={start}
          isDisabled={chosen.length === 0 || preset === undefined || isUnclear || isSame}
        >
          Start
        </StartButton>
      }
    >
      <div className={classes.columns}>
        <ModelPicker
          models={models.filter((model) => model.problem === null)}
          isLoaded={isLoaded}
          chosen={chosen}
          onChange={setChosen}
        />
        <div className={classes.side}>
          <Panel title="Preset">
            <QueryView query={presets} what="the presets">
              {(list) => <PresetPicker presets={list} chosen={presetName} onChoose={setPresetName} />}
            </QueryView>
            {isPair ? (
              <Checkbox
                mt="sm"
                size="xs"
                label="Go on until it is decided which of the two is better"
                description="In turns, looked at after 6, 8, 10, 12, 16 and 20 repetitions; at most 30 minutes."
                checked={isUntilDecided}
                onChange={(event) => setUntilDecided(event.currentTarget.checked)}
              />
            ) : null}
            {chosen.length === 1 ? <TwoSettings arms={arms} onChange={setArms} /> : null}
          </Panel>
          <FoldPanel title="Own tests" note={`The tests of ${preset?.title ?? 'the preset'} apply.`}>
            <OwnTestsForm text={ownText} tests={own} onChange={setOwnText} />
          </FoldPanel>
          <FoldPanel
            title="Engine"
            note="Dyno’s choices apply: threads, batch, flash attention, KV cache, GPU layers."
          >
            <EngineDefaults engine={engine} onChange={setEngine} />
          </FoldPanel>
          <FoldPanel title="More settings" note="Name, repetitions, seed: defaults apply.">
            <div className={classes.form}>
              <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
              <NumberInput
                label="Repetitions"
                placeholder={preset === undefined ? 'preset' : `${preset.repetitions} (preset)`}
                min={1}
                max={100}
                onChange={(value) => setRepetitions(wholeNumber(value, 1))}
              />
              <NumberInput
                label="Seed"
                placeholder="1"
                min={0}
                onChange={(value) => setSeed(wholeNumber(value, 0))}
              />
            </div>
          </FoldPanel>
        </div>
      </div>
    </Page>
  );
};
