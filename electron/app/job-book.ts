import { z } from 'zod';
import type { Job, JobState } from '../../shared/contract/common.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { EventBody } from '../../shared/events/events.ts';
import type { Clock } from '../platform/ports.ts';
import type { FactStore, JobStore } from '../platform/stores.ts';
import type { HostOwner } from './host-pulse.ts';

/** The jobs of this data folder as the store has them: other processes write it, too. */
export interface JobBook {
  /** Newest first. A job whose process is gone is `interrupted` from then on. */
  list(): readonly Job[];
  /** Throws `app.not-found`. */
  get(jobId: string): Job;
  /** Stores the new state, then tells it. */
  change(job: Job, state: JobState): Job;
  /** Stores that this process runs the job from now on, and with what input; `tell` it when that is certain. */
  take(job: Job, input: unknown): Job;
  tell(job: Job): void;
  /** What the job was started with. Throws `app.not-found` where nothing is kept. */
  inputOf(jobId: string): unknown;
  /** The process that runs the job, and with what input, if it is another than this. */
  foreignOwnerOf(jobId: string): { readonly pid: number; readonly input: unknown } | undefined;
}

interface Options {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly jobs: JobStore;
  readonly facts: FactStore;
  readonly publish: (body: EventBody) => void;
  /** This host, and whether another one is alive. */
  readonly owner: HostOwner;
  readonly isAlive: (other: HostOwner) => boolean;
  /** True for a job this very process works on: a process id alone may be that of a dead predecessor. */
  readonly isRunningHere: (jobId: string) => boolean;
}

const keptJobs = 200;
const ownerSchema = z.object({ pid: z.number(), hostId: z.string().default(''), input: z.unknown() });
const factKey = (jobId: string): string => `job/${jobId}`;

export const isUnderWay = ({ state }: Job): boolean => state.type === 'running' || state.type === 'queued';

export const createJobBook = ({
  clock,
  jobs,
  facts,
  publish,
  owner: self,
  isAlive,
  isRunningHere,
}: Options): JobBook => {
  const ownerOf = (jobId: string) => ownerSchema.safeParse(facts.get(factKey(jobId))).data;

  const tell = (job: Job): void => publish({ type: 'job.changed', job });
  const change = (job: Job, state: JobState): Job => {
    const isOver = state.type !== 'running' && state.type !== 'queued' && state.type !== 'paused';
    const next: Job = { ...job, state, endedAtMs: isOver ? clock.nowMs() : null };
    jobs.put(next);
    if (state.type === 'done') facts.remove(factKey(job.id)); // nothing left to resume
    tell(next);
    return next;
  };
  const foreignOwnerOf: JobBook['foreignOwnerOf'] = (jobId) => {
    const owner = ownerOf(jobId);
    return owner !== undefined && owner.hostId !== self.hostId && isAlive(owner) ? owner : undefined;
  };
  const asOfNow = (job: Job): Job =>
    isUnderWay(job) && !isRunningHere(job.id) && foreignOwnerOf(job.id) === undefined
      ? change(job, { type: 'interrupted' })
      : job;

  return {
    list: () => jobs.list(keptJobs).map(asOfNow),
    get: (jobId) => {
      const job = jobs.get(jobId);
      if (job === undefined) {
        throw new AppError('app.not-found', `No job ${jobId}`, { hint: 'dyno jobs list shows them.' });
      }
      return asOfNow(job);
    },
    change,
    take: (job, input) => {
      const taken: Job = {
        ...job,
        state: { type: 'running', fraction: null, etaMs: null, note: '' },
        endedAtMs: null,
      };
      facts.set(factKey(job.id), { ...self, input });
      jobs.put(taken);
      return taken;
    },
    tell,
    inputOf: (jobId) => {
      const owner = ownerOf(jobId);
      if (owner !== undefined) return owner.input;
      throw new AppError('app.not-found', `Job ${jobId} cannot be resumed: start it anew.`);
    },
    foreignOwnerOf,
  };
};
