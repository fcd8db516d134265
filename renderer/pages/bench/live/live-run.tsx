import type { BenchRun } from '../../../../shared/contract/bench.ts';
import { formatEta, formatFraction } from '../../../../shared/units/format.ts';
import { TimeFigure } from '../../../charts/time-figure.tsx';
import { isJobActive } from '../../../../shared/events/reduce-app.ts';
import { useLive } from '../../../live/use-live.ts';
import { ConfirmButton } from '../../../ui/confirm-button.tsx';
import { Page } from '../../../ui/page.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import { useRunActions } from '../use-run-actions.ts';
import classes from './live-run.module.css';
import { PhaseList } from './phase-list.tsx';
import { RunLog } from './run-log.tsx';
import { useLiveRun } from './use-live-run.ts';

/** A run while it is measured: phases, one time axis, the log. */
export const LiveRun = ({ run }: { readonly run: BenchRun }) => {
  const { progress, spec, subscribe } = useLiveRun(run);
  const actions = useRunActions(run.id);
  const job = useLive('jobs').find((one) => one.kind === 'bench' && isJobActive(one));
  const done = progress.cells.filter((cell) => cell.state !== 'waiting' && cell.state !== 'running').length;
  const state = job?.state.type === 'running' ? job.state : undefined;
  const fraction = state?.fraction ?? done / Math.max(1, progress.cells.length);

  return (
    <Page
      title={run.name}
      lead={`${done} of ${progress.cells.length} measurements done. You can leave this page: the run goes on, and stays in the bar above.`}
      actions={
        <ConfirmButton label="Cancel run" title="Cancel this run?" onConfirm={() => actions.cancel.run()}>
          <p>
            The {done} finished measurements are kept, and the run can be resumed later. The one under way is
            thrown away.
          </p>
        </ConfirmButton>
      }
    >
      <div className={classes.progress}>
        <span className={classes.percent}>{formatFraction(fraction)}</span>
        <ProgressBar label="Progress of the run" fraction={fraction} />
        <span className={classes.eta}>{formatEta(state?.etaMs ?? null)}</span>
      </div>
      <div className={classes.columns}>
        <Panel title="Phases" className={classes.phases} isFlush>
          <PhaseList
            models={run.models}
            makes={progress.makes}
            cells={progress.cells}
            judges={progress.judges}
            counts={progress.counts}
            currentCellId={progress.currentCellId}
          />
        </Panel>
        <Panel title="Now" className={classes.chart}>
          <TimeFigure
            caption="Speed over all streams, time to first token, resident memory of the engine process and load of the machine, over the time since the run began. Names above are the measurements; tints are their phases."
            spec={spec}
            subscribe={subscribe}
          />
        </Panel>
        <Panel title="Log" className={classes.log} isFlush>
          <RunLog notes={progress.notes} />
        </Panel>
      </div>
    </Page>
  );
};
