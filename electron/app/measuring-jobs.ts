import { z } from 'zod';
import { measuringElsewhere, type ForeignRun } from '../bench/index.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Job } from '../../shared/contract/common.ts';
import type { JobRunner } from './jobs.ts';

/** Jobs whose results other work on the machine changes. */
const timedKinds = ['bench', 'sweep', 'load'] as const;
/** Jobs that read whole models: any work leaves their results as they are, but they disturb the timed ones. */
const readingKinds = ['quality', 'quality-pack'] as const;
const measuringKinds = [...timedKinds, ...readingKinds] as const;

/** True while this host measures. */
export const isMeasuringHere = (jobs: Pick<JobRunner, 'isRunning'>): boolean =>
  measuringKinds.some((kind) => jobs.isRunning(kind));

/** Inputs of jobs that have a record of their own name it; a judgement has none until it is done. */
const inputSchema = z
  .object({ runId: z.string(), sweepId: z.string(), loadId: z.string() })
  .partial()
  .transform(({ runId, sweepId, loadId }) => runId ?? sweepId ?? loadId ?? null);

const foreignOf = (
  jobs: Pick<JobRunner, 'foreign'>,
  kinds: readonly ForeignRun['kind'][],
): ForeignRun | undefined => {
  for (const kind of kinds) {
    const job = jobs.foreign(kind);
    if (job !== undefined) return { pid: job.pid, kind, runId: inputSchema.parse(job.input) };
  }
  return undefined;
};

/** What another host of this data folder measures now. */
export const foreignRunOf = (jobs: Pick<JobRunner, 'foreign'>): ForeignRun | undefined =>
  foreignOf(jobs, measuringKinds);

const assertNone = (
  jobs: Pick<JobRunner, 'isRunning' | 'foreign'>,
  kinds: readonly ForeignRun['kind'][],
): void => {
  const foreign = foreignOf(jobs, kinds);
  if (foreign !== undefined) throw measuringElsewhere(foreign);
  if (!kinds.some((kind) => jobs.isRunning(kind))) return;
  throw new AppError('bench.busy', 'Another measurement is running.', {
    hint: 'Wait until it ends, or cancel it: two at a time would measure each other.',
  });
};

/** For what is timed. @throws AppError `bench.busy` while anything is measured, here or in another host */
export const assertQuiet = (jobs: Pick<JobRunner, 'isRunning' | 'foreign'>): void =>
  assertNone(jobs, measuringKinds);

/** For a judgement. @throws AppError `bench.busy` while anything is timed, here or in another host */
export const assertNothingTimed = (jobs: Pick<JobRunner, 'isRunning' | 'foreign'>): void =>
  assertNone(jobs, timedKinds);

const isTimed = (kind: Job['kind']): boolean => timedKinds.some((timed) => timed === kind);
const isReading = (kind: Job['kind']): boolean => readingKinds.some((reading) => reading === kind);

/** Before a job of that kind begins. @throws AppError `bench.busy` */
export const assertMayRun = (kind: Job['kind'], jobs: Pick<JobRunner, 'isRunning' | 'foreign'>): void => {
  if (isTimed(kind)) assertQuiet(jobs);
  if (isReading(kind)) assertNothingTimed(jobs);
};

/**
 * Starts the job of a record that was made for it; where another host was faster the record goes again.
 * @throws AppError `bench.busy`
 */
export const startRecorded = (
  jobs: Pick<JobRunner, 'start'>,
  { kind, input }: Pick<Job, 'kind'> & { readonly input: unknown },
  forget: () => void,
): Job => {
  try {
    return jobs.start(kind, input);
  } catch (error) {
    forget();
    throw error;
  }
};

/** For what is to be removed. @throws AppError `bench.busy` while another host measures it */
export const assertNotElsewhere = (jobs: Pick<JobRunner, 'foreign'>, runId: string): void => {
  const foreign = foreignRunOf(jobs);
  if (foreign?.runId === runId) throw measuringElsewhere(foreign);
};
