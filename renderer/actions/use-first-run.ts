import type { RunSummary } from '../../shared/contract/bench.ts';
import type { Model } from '../../shared/contract/models.ts';
import { useAction, type Action } from '../live/use-action.ts';
import { useQuery } from '../live/use-query.ts';
import { useServices } from '../services-context.ts';

/** What the first comparison measures beside its base: from nearly lossless to clearly lossy. */
export const FIRST_RUN_TYPES = ['Q8_0', 'Q4_K_M', 'Q2_K'] as const;

/** A quarter of the bundled text, 6,120 scored positions: enough to tell the types apart, and as long as the speed takes. */
const FIRST_RUN_WINDOWS = 24;

export interface FirstRun {
  /** The newest run that made files of the base, whatever became of it. */
  readonly run: RunSummary | undefined;
  /** One job of the host makes what is missing and measures and judges all: this page may close. */
  readonly start: Action<readonly [base: Model]>;
}

/** The first comparison: the base against three smaller files made of it. */
export const useFirstRun = (base: Model | undefined): FirstRun => {
  const { client, queries, router } = useServices();
  const runs = useQuery(queries.runs()).data ?? [];
  return {
    run: runs.find((run) => run.makes.some((make) => make.baseModelId === base?.id)),
    start: useAction(async (model: Model) => {
      const pressedAt = router.store.get();
      const { runId } = await client.bench.start({
        models: [model.id],
        make: [...FIRST_RUN_TYPES],
        preset: 'quick',
        judge: { maxWindows: FIRST_RUN_WINDOWS },
        name: `First comparison of ${model.name}`,
      });
      // whoever went on to another page stays there: the run has its chip in the bar
      if (router.store.get() === pressedAt) router.go({ page: 'run', runId, view: 'comparison' });
    }),
  };
};
