import { NumberInput, Select, TextInput } from '@mantine/core';
import { IconFilePlus } from '@tabler/icons-react';
import { useState } from 'react';
import { formatParameters } from '../../../../shared/units/format.ts';
import { useAction } from '../../../live/use-action.ts';
import { useActiveJob } from '../../../live/use-active-job.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { StartButton } from '../../../ui/start-button.tsx';
import { ForecastView } from '../../models/forecast-view.tsx';
import { JobProgress } from '../job-progress.tsx';
import { LabFrame } from '../lab-frame.tsx';
import { PlanView } from './plan-view.tsx';
import { SyntheticFiles } from './synthetic-files.tsx';
import classes from '../lab.module.css';

const types = [
  'Q8_0',
  'Q6_K',
  'Q5_K_M',
  'Q4_K_M',
  'Q4_0',
  'IQ4_XS',
  'Q3_K_M',
  'Q2_K',
  'IQ2_XS',
  'MXFP4',
  'F16',
];

/** A model before its download: a shape or an address, the size, Make the file. Below it what was made. */
export const SyntheticTab = () => {
  const { client, queries } = useServices();
  const shapes = useQuery(queries.synthShapes()).data ?? [];
  const { job } = useActiveJob('synth');
  const [shape, setShape] = useState<string | null>('llama-3.2-1b');
  const [draft, setDraft] = useState('');
  const [address, setAddress] = useState('');
  const [type, setType] = useState<string | null>(null);
  const [layers, setLayers] = useState<number | null>(null);
  const source = address === '' ? shape : address;
  const input =
    source === null ? null : { source, ...(type !== null && { type }), ...(layers !== null && { layers }) };

  const start = useAction(async () => {
    if (input !== null) await client.synth.start(input);
  });

  return (
    <LabFrame
      tab="synthetic"
      lead="Benchmark before you download: a file with the shape and types of a model and random weights. Speed and memory are real, answers are not."
      actions={
        <StartButton action={start} isDisabled={input === null || job !== undefined} icon={IconFilePlus}>
          Make the file
        </StartButton>
      }
    >
      <JobProgress kind="synth" />
      <Panel title="New synthetic file">
        <div className={classes.form}>
          <Select
            label="Shape"
            description="Dimensions its authors published"
            searchable
            disabled={address !== ''}
            data={shapes.map(({ id, title, parameterCount }) => ({
              value: id,
              label: `${title}, ${formatParameters(parameterCount)}`,
            }))}
            value={shape}
            onChange={setShape}
          />
          <TextInput
            label="Or an address, or a file"
            description="Only the header is read; press Enter"
            placeholder="owner/repo:Q4_K_M"
            value={draft}
            onChange={(event) => setDraft(event.currentTarget.value)}
            onBlur={() => setAddress(draft.trim())}
            onKeyDown={(event) => {
              if (event.key === 'Enter') setAddress(draft.trim());
            }}
          />
          <Select
            label="Type"
            description="Empty: as in the header, Q4_K_M for a shape"
            clearable
            data={types}
            value={type}
            onChange={setType}
          />
          <NumberInput
            label="Layers"
            description="Empty: all of them"
            min={1}
            max={512}
            allowDecimal={false}
            value={layers ?? ''}
            onChange={(value) => setLayers(typeof value === 'number' && value >= 1 ? value : null)}
          />
        </div>
      </Panel>
      {input === null ? (
        <EmptyState text="Choose a shape, or give an address." />
      ) : (
        <div className={classes.pair}>
          <Panel title="The file">
            <PlanView input={input} />
          </Panel>
          <Panel title="Speed, foretold">
            <ForecastView
              key={`${input.source} ${type ?? ''}`}
              source={input.source}
              {...(type !== null && { type })}
            />
          </Panel>
        </div>
      )}
      <Panel title="Synthetic files" isFlush>
        <SyntheticFiles />
      </Panel>
    </LabFrame>
  );
};
