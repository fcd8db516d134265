import { Button } from '@mantine/core';
import { IconServer2 } from '@tabler/icons-react';
import type { Sweep } from '../../../../shared/contract/sweep.ts';
import { sweepFloorText } from '../../../../shared/units/floor-text.ts';
import { servingSettings } from '../../../../shared/units/serving-settings.ts';
import { hasSeveralSequences, sequencesNote } from '../../../../shared/units/sweep-sequences.ts';
import { useModelActions } from '../../../actions/use-model-actions.ts';
import { useAction } from '../../../live/use-action.ts';
import { useActiveJob } from '../../../live/use-active-job.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { TrustBadge } from '../../../ui/trust-badge.tsx';
import { JobProgress } from '../job-progress.tsx';
import { LabFrame } from '../lab-frame.tsx';
import { CandidateTable } from './candidate-table.tsx';
import classes from '../lab.module.css';

/** Keeps or serves what won. */
const WinnerActions = ({ sweep }: { readonly sweep: Sweep }) => {
  const { client, notices, queries } = useServices();
  const { serve } = useModelActions();
  const winner = sweep.candidates.find(({ id }) => id === sweep.winnerId);
  const keep = useAction(async () => {
    if (winner === undefined) return;
    const { modelEngine } = await client.app.settings({});
    const kept = servingSettings(winner, sweep.spec);
    await client.app.updateSettings({ modelEngine: { ...modelEngine, [sweep.modelId]: kept } });
    queries.invalidate('app.');
    notices.done(`${sweep.modelId} is loaded with these settings from now on.`);
  });
  if (winner === undefined) return null;
  return (
    <>
      <Button variant="default" onClick={() => keep.run()} loading={keep.isRunning}>
        Use for this model
      </Button>
      <Button
        leftSection={<IconServer2 size={15} aria-hidden />}
        loading={serve.isRunning}
        onClick={() => serve.run(sweep.modelId, servingSettings(winner, sweep.spec))}
      >
        Serve with these settings
      </Button>
    </>
  );
};

/** Progress, and the way to stop; or the way to go on. */
const SweepState = ({ sweep }: { readonly sweep: Sweep }) => {
  const { client } = useServices();
  const { job } = useActiveJob('sweep');
  const resume = useAction(async () => {
    await client.sweeps.resume({ sweepId: sweep.id });
  });
  if (sweep.state.type === 'done') return null;
  if (sweep.state.type === 'running' && job !== undefined) return <JobProgress kind="sweep" label="Sweep" />;
  return (
    <div className={classes.state}>
      <span>
        {sweep.state.type === 'failed' ? sweep.state.error.message : `This sweep was ${sweep.state.type}.`}{' '}
        What was measured is kept.
      </span>
      <Button variant="default" size="xs" onClick={() => resume.run()} loading={resume.isRunning}>
        Go on
      </Button>
    </div>
  );
};

const SweepResult = ({ sweep }: { readonly sweep: Sweep }) => (
  <>
    <SweepState sweep={sweep} />
    {sweep.sentence === null ? null : (
      <p className={classes.sentence}>
        {sweep.sentence} {sweep.trust === null ? null : <TrustBadge trust={sweep.trust} />}
      </p>
    )}
    {sweep.winnerId === null && !hasSeveralSequences(sweep) ? null : (
      <p className={classes.note}>
        {sweep.winnerId === null ? null : sweepFloorText(sweep.floorShare)}{' '}
        {hasSeveralSequences(sweep) ? sequencesNote : null}
      </p>
    )}
    <Panel title="Candidates" isFlush>
      <CandidateTable sweep={sweep} />
    </Panel>
    <Panel title="Repeat this sweep">
      <CodeBlock text={sweep.repeatCommand} what="command" />
    </Panel>
  </>
);

/** A sweep, while it runs and after. */
export const SweepView = ({ sweepId }: { readonly sweepId: string }) => {
  const { queries } = useServices();
  const sweep = useQuery(queries.sweep(sweepId));
  return (
    <LabFrame
      tab="sweep"
      lead={sweep.data === undefined ? 'A sweep' : `Engine settings of ${sweep.data.modelId}`}
      actions={sweep.data === undefined ? undefined : <WinnerActions sweep={sweep.data} />}
    >
      <QueryView query={sweep} what="the sweep">
        {(data) => <SweepResult sweep={data} />}
      </QueryView>
    </LabFrame>
  );
};
