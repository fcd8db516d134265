import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { hasFigures } from '../../../shared/units/job-outcome.ts';
import { useFirstRun } from '../../actions/use-first-run.ts';
import { useQuery } from '../../live/use-query.ts';
import { useLive } from '../../live/use-live.ts';
import { formatRoute } from '../../router/route.ts';
import { useServices } from '../../services-context.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { FirstRunSteps } from './first-run-steps.tsx';
import classes from './home-page.module.css';
import { LastResult } from './last-result.tsx';
import { MachinePanel } from './machine-panel.tsx';
import { RecentRuns } from './recent-runs.tsx';
import { StoppedRun } from './stopped-run.tsx';

/** The first page: this machine, the model that ships with Dyno, and one press to a first comparison. */
export const HomePage = () => {
  const { queries } = useServices();
  const models = useLive('models');
  const jobs = useLive('jobs');
  const info = useQuery(queries.info());
  const runs = useQuery(queries.runs());
  const base = models.find((model) => model.id === info.data?.bundledModelId);
  const first = useFirstRun(base);
  const isBenching = jobs.some((job) => job.kind === 'bench' && job.state.type === 'running');
  const lastDone = runs.data?.find((run) => hasFigures(run.state) && run.importedFrom === null);

  return (
    <Page
      title="Home"
      lead="Run makes three smaller versions of the model that ships with Dyno, measures the speed of all four on this machine and what the smaller ones lost in quality, and says which one to take. Nothing is downloaded; it takes about a minute."
      actions={
        <Button
          size="lg"
          leftSection={<IconPlayerPlay size={20} aria-hidden />}
          disabled={base === undefined || isBenching}
          loading={first.start.isRunning}
          onClick={() => {
            if (base !== undefined) first.start.run(base);
          }}
        >
          Run
        </Button>
      }
    >
      {first.run === undefined || isBenching ? null : <StoppedRun run={first.run} />}
      <div className={classes.pair}>
        <MachinePanel />
        <Panel
          title="What Run measures"
          actions={
            isBenching && first.run?.state.type === 'running' ? (
              <a href={formatRoute({ page: 'run', runId: first.run.id, view: 'comparison' })}>Watch it</a>
            ) : undefined
          }
        >
          <FirstRunSteps base={base} run={first.run} />
        </Panel>
      </div>
      {lastDone === undefined ? null : <LastResult run={lastDone} />}
      <Panel
        title="Recent runs"
        isFlush
        actions={
          (runs.data?.length ?? 0) > 0 ? <a href={formatRoute({ page: 'bench' })}>All runs</a> : undefined
        }
      >
        <QueryView query={runs} what="the last runs">
          {(list) =>
            list.length === 0 ? (
              <EmptyState text="Nothing has been measured on this machine yet. Press Run, top right: no account, no download, no question." />
            ) : (
              <RecentRuns runs={list.slice(0, 6)} />
            )
          }
        </QueryView>
      </Panel>
    </Page>
  );
};
