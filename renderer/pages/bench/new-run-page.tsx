import { Button, Collapse, NumberInput, TextInput } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import type { Preset } from '../../../shared/contract/bench.ts';
import { formatRough } from '../../../shared/units/format.ts';
import { useAction } from '../../live/use-action.ts';
import { useQuery } from '../../live/use-query.ts';
import { useLive } from '../../live/use-live.ts';
import { useServices } from '../../services-context.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ModelPicker } from './model-picker.tsx';
import classes from './new-run-page.module.css';
import { PresetPicker } from './preset-picker.tsx';

const estimateWords = (preset: Preset | undefined, files: number): string => {
  if (preset === undefined || files === 0) return 'Choose at least one model.';
  const what = `${files} ${files === 1 ? 'file' : 'files'} with ${preset.title}`;
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
  const [threads, setThreads] = useState<number | undefined>();
  const [contextSize, setContextSize] = useState<number | undefined>();
  const [showsMore, setShowsMore] = useState(false);
  const preset = presets.data?.find((candidate) => candidate.name === presetName);

  const start = useAction(async () => {
    const settings = {
      ...(threads === undefined ? {} : { threads }),
      ...(contextSize === undefined ? {} : { contextSize }),
    };
    const { runId } = await client.bench.start({
      models: [...chosen],
      preset: presetName,
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      ...(repetitions === undefined ? {} : { repetitions }),
      ...(seed === undefined ? {} : { seed }),
      ...(Object.keys(settings).length === 0 ? {} : { settings }),
    });
    router.go({ page: 'run', runId, view: 'comparison' });
  });

  return (
    <Page
      title="New run"
      lead={estimateWords(preset, chosen.length)}
      actions={
        <Button
          leftSection={<IconPlayerPlay size={15} aria-hidden />}
          onClick={() => start.run()}
          loading={start.isRunning}
          disabled={chosen.length === 0 || preset === undefined}
        >
          Start
        </Button>
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
          </Panel>
          <Panel
            title="More settings"
            actions={
              <Button
                variant="subtle"
                size="compact-xs"
                aria-expanded={showsMore}
                rightSection={<IconChevronDown size={14} aria-hidden />}
                onClick={() => setShowsMore(!showsMore)}
              >
                {showsMore ? 'Hide' : 'Show'}
              </Button>
            }
          >
            {showsMore ? null : (
              <p className={classes.note}>Name, repetitions, seed, threads, context: defaults apply.</p>
            )}
            <Collapse expanded={showsMore} transitionDuration={120}>
              <div className={classes.form}>
                <TextInput
                  label="Name"
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
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
                <NumberInput
                  label="Threads"
                  placeholder="auto"
                  min={1}
                  onChange={(value) => setThreads(wholeNumber(value, 1))}
                />
                <NumberInput
                  label="Context per slot, tokens"
                  placeholder="auto"
                  min={16}
                  step={256}
                  onChange={(value) => setContextSize(wholeNumber(value, 16))}
                />
              </div>
            </Collapse>
          </Panel>
        </div>
      </div>
    </Page>
  );
};
