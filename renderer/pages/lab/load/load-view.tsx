import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { LoadRun, LoadStage } from '../../../../shared/contract/load.ts';
import { TimeFigure } from '../../../charts/time-figure.tsx';
import { eventsSentence } from '../../../../shared/units/events-as-tokens.ts';
import { useAction } from '../../../live/use-action.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { TrustBadge } from '../../../ui/trust-badge.tsx';
import { JobProgress } from '../job-progress.tsx';
import { LabFrame } from '../lab-frame.tsx';
import classes from '../lab.module.css';
import { LoadReportMenu } from './load-report-menu.tsx';
import { PercentileTable } from './percentile-table.tsx';
import { StageFacts } from './stage-facts.tsx';
import { StageTable } from './stage-table.tsx';
import { useLoadRun } from './use-load-run.ts';

/** Progress with the way to stop, or why it stopped with the way to go on. */
const LoadState = ({ run }: { readonly run: LoadRun }) => {
  const { client } = useServices();
  const resume = useAction(async () => {
    await client.load.resume({ loadId: run.id });
  });
  switch (run.state.type) {
    case 'done':
      return null;
    case 'queued':
    case 'running':
    case 'paused':
      return (
        <JobProgress kind="load" label="Load" beginning="Beginning" promise="What is finished is kept." />
      );
    case 'failed':
    case 'cancelled':
    case 'interrupted':
      return (
        <div className={classes.state} role="status">
          {run.state.type === 'failed' ? (
            <span className={classes.failure}>
              <strong>{run.state.error.message}</strong> <span className="muted">{run.state.error.hint}</span>
            </span>
          ) : (
            <span className={classes.now}>This run was {run.state.type}. What was finished is kept.</span>
          )}
          <Button variant="default" size="xs" onClick={() => resume.run()} loading={resume.isRunning}>
            Go on
          </Button>
        </div>
      );
    default:
      return run.state satisfies never;
  }
};

interface StageDetailProps {
  readonly run: LoadRun;
  readonly stages: readonly LoadStage[];
}

/** All figures of one stage: the last one, or the one that was chosen. */
const StageDetail = ({ run, stages }: StageDetailProps) => {
  const [chosen, setChosen] = useState<string | null>(null);
  const measured = stages.filter((stage) => stage.summary !== null);
  const stage = measured.find(({ name }) => name === chosen) ?? measured.at(-1);
  if (stage === undefined || stage.summary === null) return null;
  const picker =
    measured.length < 2 ? undefined : (
      <NativeSelect
        size="xs"
        aria-label="Stage"
        data={measured.map(({ name }) => name)}
        value={stage.name}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
    );
  return (
    <div className={classes.pair}>
      <Panel title={`Latencies, ${stage.name}`} isFlush actions={picker}>
        <PercentileTable summary={stage.summary} />
      </Panel>
      <Panel title={`Beside them, ${stage.name}`}>
        <StageFacts run={run} summary={stage.summary} />
      </Panel>
    </div>
  );
};

const LoadResult = ({ run }: { readonly run: LoadRun }) => {
  const { progress, spec, subscribe } = useLoadRun(run);
  const { stages } = progress;
  const events = eventsSentence(stages.map(({ summary }) => summary));
  return (
    <>
      <LoadState run={run} />
      <p className={classes.sentence}>
        {run.finding ?? run.description} {run.trust === null ? null : <TrustBadge trust={run.trust} />}
      </p>
      {events === null ? null : <p className={classes.note}>{events}</p>}
      {stages.length === 0 ? null : (
        <Panel title="Under load">
          <TimeFigure
            caption="Tokens per second over all requests, time to first token of each request, and open requests, over the time under load. Bands are the stages."
            spec={spec}
            subscribe={subscribe}
          />
        </Panel>
      )}
      {stages.length < 2 ? null : (
        <Panel title="Stages" isFlush>
          <StageTable stages={stages} />
        </Panel>
      )}
      <StageDetail run={run} stages={stages} />
      <Panel title="Repeat this run">
        <CodeBlock text={run.repeatCommand} what="command" />
      </Panel>
    </>
  );
};

/** A load run, while it is measured and after. */
export const LoadView = ({ loadId }: { readonly loadId: string }) => {
  const { queries, router } = useServices();
  const run = useQuery(queries.load(loadId));
  return (
    <LabFrame
      tab="load"
      lead={run.data?.name ?? 'A load run'}
      actions={
        <>
          {run.data?.stages.some(({ summary }) => summary !== null) === true ? (
            <LoadReportMenu loadId={loadId} />
          ) : null}
          <Button variant="default" onClick={() => router.go({ page: 'lab', tab: 'load', itemId: null })}>
            New load run
          </Button>
        </>
      }
    >
      <QueryView query={run} what="the load run">
        {(data) => <LoadResult run={data} />}
      </QueryView>
    </LabFrame>
  );
};
