import type { Job } from '../../shared/contract/common.ts';
import { isJobActive } from '../../shared/events/reduce-app.ts';
import { useServices } from '../services-context.ts';
import { useAction, type Action } from './use-action.ts';
import { useLive } from './use-live.ts';

interface ActiveJob {
  readonly job: Job | undefined;
  /** Nothing where no job is active. */
  readonly cancel: Action<readonly []>;
}

/** The active job of a kind, whoever started it, and the way to stop it. Of what measures, one runs at a time. */
export const useActiveJob = (kind: Job['kind']): ActiveJob => {
  const { client } = useServices();
  const job = useLive('jobs').find((one) => one.kind === kind && isJobActive(one));
  const cancel = useAction(async () => {
    if (job !== undefined) await client.jobs.cancel({ jobId: job.id });
  });
  return { job, cancel };
};
