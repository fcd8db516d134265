import { NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../../live/use-action.ts';
import { useLive } from '../../../live/use-live.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { Panel } from '../../../ui/panel.tsx';
import { StartButton } from '../../../ui/start-button.tsx';
import { LabFrame } from '../lab-frame.tsx';
import { readSweepAxes, type SweepAxesText } from './sweep-axes.ts';
import { SweepList } from './sweep-list.tsx';
import classes from '../lab.module.css';

const fields = [
  { key: 'threads', label: 'Threads', placeholder: 'auto, 1, 2, 4' },
  {
    key: 'batchSize',
    label: 'Batch, tokens',
    placeholder: '128, 512, 2048',
    about: 'Also llama.cpp’s ubatch: node-llama-cpp ties the two.',
  },
  { key: 'flashAttention', label: 'Flash attention', placeholder: 'on, off' },
  { key: 'kvType', label: 'KV cache', placeholder: 'F16, Q8_0', about: 'Keys and values alike.' },
  { key: 'gpuLayers', label: 'GPU layers', placeholder: '0, max' },
  {
    key: 'sequences',
    label: 'Sequences side by side',
    placeholder: '1, 2, 4',
    about: 'One: of all. Several: more t/s of all together is better.',
  },
] as const;

const objectives = [
  { value: '1', label: 'Decode' },
  { value: '0.5', label: 'Both' },
  { value: '0', label: 'Prefill' },
];

const noAxes: SweepAxesText = {
  threads: '',
  batchSize: '',
  flashAttention: '',
  kvType: '',
  gpuLayers: '',
  sequences: '',
};

/** One step: a model, values to try, Start. Below it what was found before. */
export const NewSweep = () => {
  const { client, queries, router } = useServices();
  const models = useLive('models').filter((model) => model.problem === null);
  const bundledId = useQuery(queries.info()).data?.bundledModelId ?? null;
  const [chosen, setChosen] = useState<string | null>(null);
  const [text, setText] = useState(noAxes);
  const [weight, setWeight] = useState('1');
  const [prefillTokens, setPrefillTokens] = useState(512);
  const [decodeTokens, setDecodeTokens] = useState(128);
  const { axes, sequences, combinations, problems } = readSweepAxes(text);
  const model = chosen ?? bundledId;
  const isReady = model !== null && combinations > 0 && Object.keys(problems).length === 0;

  const start = useAction(async () => {
    if (model === null) return;
    const { sweepId } = await client.sweeps.start({
      model,
      axes,
      sequences,
      decodeWeight: Number(weight),
      prefillTokens,
      decodeTokens,
    });
    router.go({ page: 'lab', tab: 'sweep', itemId: sweepId });
  });

  return (
    <LabFrame
      tab="sweep"
      lead="Which engine settings make a model fastest here. Losers are cut early, what is left is measured more often."
      actions={
        <StartButton action={start} isDisabled={!isReady}>
          Start
        </StartButton>
      }
    >
      <Panel title="New sweep">
        <div className={classes.form}>
          <Select
            label="Model"
            searchable
            data={models.map(({ id }) => ({ value: id, label: id }))}
            value={model}
            onChange={setChosen}
          />
          {fields.map(({ key, label, placeholder, ...more }) => (
            <TextInput
              key={key}
              label={label}
              description={'about' in more ? more.about : undefined}
              placeholder={placeholder}
              value={text[key]}
              error={problems[key]}
              onChange={(event) => setText({ ...text, [key]: event.currentTarget.value })}
            />
          ))}
          <div>
            <div className={classes.label} id="sweep-objective">
              Fast in
            </div>
            <SegmentedControl
              aria-labelledby="sweep-objective"
              data={objectives}
              value={weight}
              onChange={setWeight}
            />
          </div>
          <NumberInput
            label="Prefill, tokens"
            min={1}
            value={prefillTokens}
            disabled={weight === '1'}
            onChange={(value) => setPrefillTokens(typeof value === 'number' && value >= 1 ? value : 512)}
          />
          <NumberInput
            label="Decode, tokens"
            min={1}
            value={decodeTokens}
            disabled={weight === '0'}
            onChange={(value) => setDecodeTokens(typeof value === 'number' && value >= 1 ? value : 128)}
          />
        </div>
        <p className={classes.note}>
          {combinations === 0
            ? 'Name values of at least one setting; what is left empty stays Dyno’s own choice.'
            : `${combinations} ${combinations === 1 ? 'combination' : 'combinations'} against Dyno’s own choice.`}
        </p>
      </Panel>
      <SweepList />
    </LabFrame>
  );
};
