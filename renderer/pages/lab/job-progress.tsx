import { Button } from '@mantine/core';
import type { Job } from '../../../shared/contract/common.ts';
import { formatEta, formatFraction } from '../../../shared/units/format.ts';
import { useActiveJob } from '../../live/use-active-job.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import classes from './lab.module.css';

interface JobProgressProps {
  readonly kind: Job['kind'];
  /** Of the bar, for screen readers; the job's title when absent. */
  readonly label?: string;
  /** What stands there before the job tells; nothing is shown then when absent. */
  readonly beginning?: string;
  /** What becomes of the finished part when the job is stopped. */
  readonly promise?: string;
}

/** The active job of a kind: how far it is, how long it takes still, what it does now, and the way to stop it. */
export const JobProgress = ({ kind, label, beginning, promise }: JobProgressProps) => {
  const { job, cancel } = useActiveJob(kind);
  const state = job?.state.type === 'running' ? job.state : undefined;
  if (state === undefined && beginning === undefined) return null;
  // a job that has just begun has nothing to say yet
  const note = state === undefined || state.note === '' ? (beginning ?? 'Beginning') : state.note;
  const fraction = state?.fraction ?? null;
  return (
    <div className={classes.state}>
      <div className={classes.bar}>
        <ProgressBar label={label ?? job?.title ?? ''} fraction={fraction} />
      </div>
      <span className="figures">
        {fraction === null ? '' : `${formatFraction(fraction)} · ${formatEta(state?.etaMs ?? null)}`}
      </span>
      <span className={classes.now}>{promise === undefined ? note : `${note}. ${promise}`}</span>
      <Button variant="default" size="xs" onClick={() => cancel.run()} loading={cancel.isRunning}>
        Cancel
      </Button>
    </div>
  );
};
