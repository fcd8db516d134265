import { useState } from 'react';
import { useAction } from '../../../live/use-action.ts';
import { useActiveJob } from '../../../live/use-active-job.ts';
import { useLive } from '../../../live/use-live.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { FoldPanel } from '../../../ui/fold-panel.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { StartButton } from '../../../ui/start-button.tsx';
import { JobProgress } from '../job-progress.tsx';
import { LabFrame } from '../lab-frame.tsx';
import { JudgementFields } from './judgement-fields.tsx';
import { emptyJudgement, readJudgement } from './judgement.ts';
import { PackForm } from './pack-form.tsx';
import { QualityResults } from './quality-results.tsx';

/** What a quantization loses: a base or its pack, candidates, Judge. Below it what was found before. */
export const QualityTab = () => {
  const { client, queries } = useServices();
  const models = useLive('models').filter(({ problem, isSynthetic }) => problem === null && !isSynthetic);
  const judging = useActiveJob('quality').job;
  const packing = useActiveJob('quality-pack').job;
  const isBusy = judging !== undefined || packing !== undefined;
  const bundledId = useQuery(queries.info()).data?.bundledModelId ?? null;
  const results = useQuery(queries.quality());
  const [form, setForm] = useState(emptyJudgement);
  const judgement = readJudgement(form, bundledId);
  const base = form.base ?? bundledId;

  const start = useAction(async () => {
    if (judgement !== null) await client.quality.start(judgement);
  });

  return (
    <LabFrame
      tab="quality"
      lead="What a quantization loses against its base: perplexity and KL divergence on the same tokens, and answers to the same tasks."
      actions={
        <StartButton action={start} isDisabled={judgement === null || isBusy}>
          Judge
        </StartButton>
      }
    >
      <JobProgress kind="quality" label="Quality" promise="What is finished is kept." />
      <JobProgress kind="quality-pack" />
      <Panel title="New judgement">
        <JudgementFields form={form} models={models} bundledId={bundledId} onChange={setForm} />
      </Panel>
      {form.against === 'base' && base !== null ? (
        <FoldPanel
          title="Reference pack"
          note="What the base predicts, in a file: with it a quantization is judged where the base is not at hand."
        >
          <PackForm
            form={form}
            base={base}
            isBusy={isBusy}
            onWrite={(pack) => setForm((known) => ({ ...known, pack }))}
          />
        </FoldPanel>
      ) : null}
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
