import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { Job } from '../../shared/contract/common.ts';
import { isJobActive } from '../../shared/events/reduce-app.ts';
import { formatEta, formatFraction } from '../../shared/units/format.ts';
import { useAction } from '../live/use-action.ts';
import { useLive } from '../live/use-live.ts';
import { useServices } from '../services-context.ts';
import classes from './job-chips.module.css';

/** A chip for every job; the bar has room for two. */
const SHOWN = 2;

const stateWords = (job: Job): string => {
  switch (job.state.type) {
    case 'queued':
      return 'waiting';
    case 'running':
      return job.state.etaMs === null
        ? formatFraction(job.state.fraction)
        : `${formatFraction(job.state.fraction)} · ${formatEta(job.state.etaMs)}`;
    case 'paused':
      return `paused at ${formatFraction(job.state.fraction)}`;
    case 'done':
    case 'failed':
    case 'cancelled':
    case 'interrupted':
      return job.state.type;
    default:
      return job.state satisfies never;
  }
};

const JobChip = ({ job }: { readonly job: Job }) => {
  const { client } = useServices();
  const cancel = useAction(async () => {
    await client.jobs.cancel({ jobId: job.id });
  });
  const fraction = 'fraction' in job.state ? (job.state.fraction ?? 0) : 0;
  return (
    <span className={classes.chip}>
      <span className={classes.fill} style={{ width: `${fraction * 100}%` }} aria-hidden />
      <span className={classes.title}>{job.title}</span>
      <span className={classes.state}>{stateWords(job)}</span>
      <Tooltip label={`Cancel: ${job.title}`}>
        <ActionIcon
          size="xs"
          onClick={() => cancel.run()}
          loading={cancel.isRunning}
          aria-label={`Cancel: ${job.title}`}
        >
          <IconX size={12} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </span>
  );
};

/** What the machine is busy with, with progress, time left and cancel. */
export const JobChips = () => {
  const jobs = useLive('jobs');
  const active = jobs.filter((job) => isJobActive(job) && job.kind !== 'hash');
  return (
    <>
      {active.slice(0, SHOWN).map((job) => (
        <JobChip key={job.id} job={job} />
      ))}
      {active.length > SHOWN ? <span className="muted">and {active.length - SHOWN} more</span> : null}
    </>
  );
};
