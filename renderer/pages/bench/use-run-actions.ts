import { isJobActive } from '../../../shared/events/reduce-app.ts';
import { useAction, type Action } from '../../live/use-action.ts';
import { useServices } from '../../services-context.ts';

export interface RunActions {
  readonly remove: Action<readonly []>;
  readonly resume: Action<readonly []>;
  readonly cancel: Action<readonly []>;
}

/** What can be done with one run. */
export const useRunActions = (runId: string): RunActions => {
  const { client, live, queries, router } = useServices();
  return {
    remove: useAction(async () => {
      await client.bench.remove({ runId });
      queries.invalidate('bench.');
      router.go({ page: 'bench' });
    }),
    resume: useAction(async () => {
      await client.bench.resume({ runId });
      queries.invalidate('bench.');
      router.go({ page: 'run', runId, view: 'comparison' });
    }),
    cancel: useAction(async () => {
      // Only one benchmark runs at a time, so the active bench job is this run's.
      const job = live.store.get().jobs.find((one) => one.kind === 'bench' && isJobActive(one));
      if (job !== undefined) await client.jobs.cancel({ jobId: job.id });
    }),
  };
};
