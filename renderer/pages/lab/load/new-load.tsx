import { Select } from '@mantine/core';
import { useState } from 'react';
import type { LoadShape, LoadStartInput } from '../../../../shared/contract/load.ts';
import { isJobActive } from '../../../../shared/events/reduce-app.ts';
import { sloLevels } from '../../../../shared/metrics/slo-levels.ts';
import { useAction } from '../../../live/use-action.ts';
import { useLive } from '../../../live/use-live.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { FileField } from '../../../ui/file-field.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { StartButton } from '../../../ui/start-button.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { LabFrame } from '../lab-frame.tsx';
import { readFields, type FieldTexts } from './field-values.ts';
import { LoadList } from './load-list.tsx';
import classes from '../lab.module.css';
import { ShapeFields } from './shape-fields.tsx';
import { emptyTarget, readTarget, TargetFields } from './target-fields.tsx';

const levelOptions = sloLevels.map(({ name, title }) => ({ value: name, label: title }));
const limitsOf = (level: string | null): string => {
  const limits = sloLevels.find(({ name }) => name === level)?.limits;
  return limits === undefined ? 'No limits' : `TTFT ${limits.ttftMs} ms, TPOT ${limits.tpotMs} ms`;
};

/** Where prompts come from; `null` while the file is not named. */
const promptsOf = (source: string, path: string): NonNullable<LoadStartInput['prompts']> | null => {
  if (source !== 'file') return { type: source === 'random' ? 'random' : 'corpus' };
  return path.trim() === '' ? null : { type: 'file', path: path.trim() };
};

/** A target, a shape, Start. Below it what was measured before. */
const NewLoadForm = ({ shapes }: { readonly shapes: readonly LoadShape[] }) => {
  const { client, queries, router } = useServices();
  const bundledId = useQuery(queries.info()).data?.bundledModelId ?? null;
  const isBusy = useLive('jobs').some(
    (job) => (job.kind === 'load' || job.kind === 'bench') && isJobActive(job),
  );
  const [targetForm, setTargetForm] = useState(emptyTarget);
  const [shapeName, setShapeName] = useState('closed-loop');
  const [texts, setTexts] = useState<FieldTexts>({});
  const [promptSource, setPromptSource] = useState('corpus');
  const [promptFile, setPromptFile] = useState('');
  const [level, setLevel] = useState<string | null>('conversational');
  const shape = shapes.find(({ name }) => name === shapeName) ?? shapes[0];
  const fields = shape?.fields ?? [];
  const { parameters, problems } = readFields(fields, texts);
  const target = readTarget(targetForm, bundledId);
  const prompts = promptsOf(promptSource, promptFile);
  const isReady =
    target !== null && prompts !== null && shape !== undefined && Object.keys(problems).length === 0;

  const start = useAction(async () => {
    if (target === null || prompts === null || shape === undefined) return;
    const { loadId } = await client.load.start({
      target,
      shape: shape.name,
      parameters,
      prompts,
      ...(level !== null && { slo: { name: level } }),
    });
    router.go({ page: 'lab', tab: 'load', itemId: loadId });
  });

  return (
    <LabFrame
      tab="load"
      lead="What the users of a server get: speed and waiting under any shape of load, against Dyno’s own server or any other."
      actions={
        <StartButton action={start} isDisabled={!isReady || isBusy}>
          Start
        </StartButton>
      }
    >
      <Panel title="New load run">
        <div className={classes.form}>
          <TargetFields form={targetForm} bundledId={bundledId} onChange={setTargetForm} />
          <Select
            label="Shape"
            description="How requests follow each other"
            allowDeselect={false}
            data={shapes.map(({ name, title }) => ({ value: name, label: title }))}
            value={shape?.name ?? null}
            onChange={(name) => {
              setShapeName(name ?? 'closed-loop');
              setTexts({});
            }}
          />
          <Select
            label="Prompts"
            description="What every request asks"
            allowDeselect={false}
            data={[
              { value: 'corpus', label: 'Bundled text' },
              { value: 'random', label: 'Random ids' },
              { value: 'file', label: 'A file of yours' },
            ]}
            value={promptSource}
            onChange={(value) => setPromptSource(value ?? 'corpus')}
          />
          {promptSource === 'file' ? (
            <FileField
              label="Prompt file"
              description="JSONL, or a ShareGPT-style file"
              accept=".jsonl,.json"
              value={promptFile}
              onChange={setPromptFile}
            />
          ) : null}
          <Select
            label="Service level"
            description={limitsOf(level)}
            clearable
            data={levelOptions}
            value={level}
            onChange={setLevel}
          />
        </div>
        <p className={classes.note}>{shape?.description}</p>
        <div className={classes.form}>
          <ShapeFields fields={fields} texts={texts} problems={problems} onChange={setTexts} />
        </div>
      </Panel>
      <LoadList />
    </LabFrame>
  );
};

/** The form needs to know the shapes, which only the host knows. */
export const NewLoad = () => {
  const { queries } = useServices();
  const shapes = useQuery(queries.loadShapes());
  if (shapes.data !== undefined) return <NewLoadForm shapes={shapes.data} />;
  return (
    <LabFrame tab="load" lead="What the users of a server get.">
      <QueryView query={shapes} what="the shapes">
        {(list) => <NewLoadForm shapes={list} />}
      </QueryView>
    </LabFrame>
  );
};
