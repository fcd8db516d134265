import { MultiSelect, NumberInput, Select, Switch } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../../live/use-action.ts';
import { useActiveJob } from '../../../live/use-active-job.ts';
import { useLive } from '../../../live/use-live.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { StartButton } from '../../../ui/start-button.tsx';
import { JobProgress } from '../job-progress.tsx';
import { LabFrame } from '../lab-frame.tsx';
import { QualityResults } from './quality-results.tsx';
import lab from '../lab.module.css';

/** What a quantization loses: a base, candidates, Judge. Below it what was found before. */
export const QualityTab = () => {
  const { client, queries } = useServices();
  const models = useLive('models').filter(({ problem, isSynthetic }) => problem === null && !isSynthetic);
  const { job } = useActiveJob('quality');
  const bundledId = useQuery(queries.info()).data?.bundledModelId ?? null;
  const results = useQuery(queries.quality());
  const [chosenBase, setBase] = useState<string | null>(null);
  const [candidates, setCandidates] = useState<string[]>([]);
  const [maxWindows, setMaxWindows] = useState<number | null>(null);
  const [withTasks, setWithTasks] = useState(true);
  const base = chosenBase ?? bundledId;
  const others = candidates.filter((id) => id !== base);

  const start = useAction(async () => {
    if (base === null) return;
    await client.quality.start({
      base,
      candidates: others,
      tasks: withTasks ? 'bundled' : 'none',
      ...(maxWindows !== null && { maxWindows }),
    });
  });

  return (
    <LabFrame
      tab="quality"
      lead="What a quantization loses against its base: perplexity and KL divergence on the same tokens, and answers to the same tasks."
      actions={
        <StartButton action={start} isDisabled={base === null || others.length === 0 || job !== undefined}>
          Judge
        </StartButton>
      }
    >
      <JobProgress kind="quality" label="Quality" promise="What is finished is kept." />
      <Panel title="New judgement">
        <div className={lab.form}>
          <Select
            label="Base"
            description="F16, or the largest file there is"
            searchable
            allowDeselect={false}
            data={models.map(({ id }) => ({ value: id, label: id }))}
            value={base}
            onChange={setBase}
          />
          <MultiSelect
            label="Candidates"
            description="Quantizations of the same model"
            searchable
            data={models.filter(({ id }) => id !== base).map(({ id }) => ({ value: id, label: id }))}
            value={others}
            onChange={setCandidates}
          />
          <NumberInput
            label="Windows"
            description="Of 512 tokens; empty: the whole text"
            min={2}
            allowDecimal={false}
            value={maxWindows ?? ''}
            onChange={(value) => setMaxWindows(typeof value === 'number' && value >= 2 ? value : null)}
          />
          <Switch
            label="Ask the tasks, too"
            checked={withTasks}
            onChange={(event) => setWithTasks(event.currentTarget.checked)}
          />
        </div>
      </Panel>
      <QueryView query={results} what="the results">
        {(list) =>
          list.length === 0 ? (
            <EmptyState text="Nothing was judged yet: choose quantizations of one model and press Judge." />
          ) : (
            <QualityResults results={list} />
          )
        }
      </QueryView>
    </LabFrame>
  );
};
