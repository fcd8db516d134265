import type { Job } from '../../../shared/contract/common.ts';
import type { Model } from '../../../shared/contract/models.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { isErrorCode } from '../../../shared/errors/table.ts';
import { isJobActive } from '../../../shared/events/reduce-app.ts';
import { createStore, type Store } from '../../live/store.ts';
import type { LiveFeed } from '../../live/live-state.ts';
import type { Router } from '../../router/router.ts';
import type { Client } from '../../transport/client.ts';
import { toProblem, type Problem } from '../../transport/problem.ts';

/** What the first comparison measures beside its base: from nearly lossless to clearly lossy. */
export const FIRST_RUN_TYPES = ['Q8_0', 'Q4_K_M', 'Q2_K'] as const;

/** idle → making (one type after the other) → starting → idle on the run's page; failed → idle by a new press */
export type FirstRunState =
  | { readonly type: 'idle' }
  | { readonly type: 'making'; readonly quantization: string; readonly jobId: string | null }
  | { readonly type: 'starting' }
  | { readonly type: 'failed'; readonly problem: Problem };

export interface FirstRun {
  readonly store: Store<FirstRunState>;
  /** Makes what is missing of the base model, then measures all. Does nothing while it is under way. */
  readonly start: (base: Model) => void;
}

/** The file of `quantization` that was made from `base`, if it is there and whole. */
export const derivedModel = (
  models: readonly Model[],
  base: Model,
  quantization: string,
): Model | undefined =>
  models.find(
    (model) =>
      model.quantization === quantization &&
      model.problem === null &&
      (model.derivedFrom === base.id || model.derivedFrom === base.path),
  );

/** It lives beside the screens, so leaving Home does not stop it. */
export const createFirstRun = (client: Client, live: LiveFeed, router: Router): FirstRun => {
  const store = createStore<FirstRunState>({ type: 'idle' });

  const jobEnd = (jobId: string): Promise<Job> =>
    new Promise((resolve) => {
      const look = (): void => {
        const job = live.store.get().jobs.find((candidate) => candidate.id === jobId);
        if (job === undefined || isJobActive(job)) return;
        stop();
        resolve(job);
      };
      const stop = live.store.subscribe(look);
      look();
    });

  const make = async (base: Model, quantization: string): Promise<void> => {
    store.set({ type: 'making', quantization, jobId: null });
    const job = await client.models.quantize({ model: base.id, type: quantization });
    store.set({ type: 'making', quantization, jobId: job.id });
    const ended = isJobActive(job) ? await jobEnd(job.id) : job;
    if (ended.state.type === 'done') return;
    if (ended.state.type === 'failed') {
      const { code, message, hint } = ended.state.error;
      throw new AppError(isErrorCode(code) ? code : 'models.quantize-failed', message, { hint });
    }
    throw new AppError('app.cancelled', `Making ${quantization} was cancelled, so nothing was measured.`);
  };

  const run = async (base: Model): Promise<void> => {
    for (const quantization of FIRST_RUN_TYPES) {
      const models = await client.models.list({});
      if (derivedModel(models, base, quantization) === undefined) await make(base, quantization);
    }
    store.set({ type: 'starting' });
    const models = await client.models.list({});
    const others = FIRST_RUN_TYPES.flatMap((type) => derivedModel(models, base, type)?.id ?? []);
    const { runId } = await client.bench.start({
      models: [base.id, ...others],
      preset: 'quick',
      name: `First comparison of ${base.name}`,
    });
    store.set({ type: 'idle' });
    // Whoever went on to another page stays there: the run has its chip in the bar.
    if (router.store.get().page === 'home') router.go({ page: 'run', runId, view: 'comparison' });
  };

  return {
    store,
    start: (base) => {
      const state = store.get().type;
      if (state === 'making' || state === 'starting') return;
      run(base).catch((error: unknown) => store.set({ type: 'failed', problem: toProblem(error) }));
    },
  };
};
