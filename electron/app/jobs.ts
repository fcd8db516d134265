import type { Job } from '../../shared/contract/common.ts';
import { AppError, isAbort, toAppError } from '../../shared/errors/app-error.ts';
import type { EventBody } from '../../shared/events/events.ts';
import type { Clock, Logger, Random } from '../platform/ports.ts';
import type { FactStore, JobStore } from '../platform/stores.ts';
import type { HostOwner } from './host-pulse.ts';
import { createJobBook, isUnderWay } from './job-book.ts';
import type { JobDefinition } from './job-definition.ts';
import { createJobReport } from './job-report.ts';

/**
 * queued → running → done | failed | cancelled
 *            │ ▲
 *            ▼ │ resume
 *          paused | interrupted (the process ended)
 */
export interface JobRunner extends AsyncDisposable {
  /**
   * Whether the job may run is asked, and that it runs is noted, in one transaction: of two hosts that start at the same
   * instant one wins.
   * @throws AppError what `assertMayRun` says
   */
  start(kind: Job['kind'], input: unknown): Job;
  /**
   * Resolves with the job once it has stopped; one that was quicker is `done`.
   * @throws AppError `app.not-found`, `app.bad-input` for a job of another process
   */
  cancel(jobId: string): Promise<Job>;
  pause(jobId: string): Promise<Job>;
  /** @throws AppError as `start`; `app.bad-input` where there is nothing to resume */
  resume(jobId: string): Job;
  list(): readonly Job[];
  get(jobId: string): Job;
  /** True while this process works on a job of the kind. */
  isRunning(kind: Job['kind']): boolean;
  /** A job of the kind that another host of this data folder works on. */
  foreign(kind: Job['kind']): { readonly pid: number; readonly input: unknown } | undefined;
  /** Resolves with the job once it is no longer running. */
  settled(jobId: string): Promise<Job>;
}

/** How a running job is to end when its signal aborts. */
type Ending = 'cancel' | 'pause';

interface Running {
  readonly kind: Job['kind'];
  readonly abort: AbortController;
  ended: Promise<void>;
  ending: Ending;
}

interface Options {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly jobs: JobStore;
  readonly facts: FactStore;
  readonly publish: (body: EventBody) => void;
  /** The end of a job could not be stored, so no event tells it. */
  readonly onLost: (error: AppError) => void;
  readonly definitions: readonly JobDefinition[];
  /** This host, which owns the jobs it runs, and whether another one is alive. */
  readonly owner: HostOwner;
  readonly isAlive: (other: HostOwner) => boolean;
  /** @throws AppError when a job of that kind would be disturbed by another, here or in another host, or disturb it */
  readonly assertMayRun: (kind: Job['kind'], jobs: Pick<JobRunner, 'isRunning' | 'foreign'>) => void;
  /** One transaction: no other host writes meanwhile. */
  readonly atOnce: <Result>(act: () => Result) => Result;
}

export const createJobRunner = (options: Options): JobRunner => {
  const { clock, log } = options;
  const running = new Map<string, Running>();
  const book = createJobBook({ ...options, isRunningHere: (jobId) => running.has(jobId) });

  const definitionOf = (kind: Job['kind']): JobDefinition => {
    const definition = options.definitions.find((candidate) => candidate.kind === kind);
    if (definition !== undefined) return definition;
    throw new AppError('app.internal', `No definition for jobs of kind ${kind}`);
  };

  /** The state after a stop that was asked for. */
  const settle = async (jobId: string, definition: JobDefinition, ending: Ending, input: unknown) => {
    const job = book.get(jobId);
    if (ending === 'pause') {
      const fraction = job.state.type === 'running' ? job.state.fraction : null;
      book.change(job, { type: 'paused', fraction, note: 'Paused' });
      return;
    }
    await definition.discard?.(input);
    book.change(job, { type: 'cancelled' });
  };

  const fail = (job: Job, error: unknown): void => {
    const failure = toAppError(error);
    log.warn('job failed', { kind: job.kind, jobId: job.id, error: failure });
    book.change(book.get(job.id), { type: 'failed', error: failure.toPayload() });
  };

  const execute = async (job: Job, input: unknown, entry: Running): Promise<void> => {
    const definition = definitionOf(job.kind);
    const { signal } = entry.abort;
    const report = createJobReport(clock, (state) => {
      if (!signal.aborted) book.change(book.get(job.id), state);
    });
    try {
      const resultId = await definition.run(input, { jobId: job.id, signal, report });
      book.change(book.get(job.id), { type: 'done', resultId });
    } catch (error) {
      if (!signal.aborted || !isAbort(error)) fail(job, error);
      else
        await settle(job.id, definition, entry.ending, input).catch((reason: unknown) => fail(job, reason));
    }
  };

  const isRunning = (kind: Job['kind']): boolean =>
    [...running.values()].some((entry) => entry.kind === kind);
  const foreign: JobRunner['foreign'] = (kind) =>
    book
      .list()
      .filter((job) => job.kind === kind && isUnderWay(job))
      .map((job) => book.foreignOwnerOf(job.id))
      .find((owner) => owner !== undefined);

  const launch = (job: Job, input: unknown): Job => {
    const started = options.atOnce(() => {
      options.assertMayRun(job.kind, { isRunning, foreign });
      return book.take(job, input);
    });
    const abort = new AbortController();
    const entry: Running = { kind: job.kind, abort, ended: Promise.resolve(), ending: 'cancel' };
    running.set(job.id, entry);
    book.tell(started);
    entry.ended = execute(started, input, entry)
      .catch((error: unknown) => {
        log.error('the state of a job was lost', { jobId: job.id, error });
        options.onLost(toAppError(error));
      })
      .finally(() => running.delete(job.id));
    return started;
  };

  const stop = async (jobId: string, ending: Ending): Promise<void> => {
    const entry = running.get(jobId);
    if (entry !== undefined) {
      entry.ending = ending;
      entry.abort.abort();
      await entry.ended;
      return;
    }
    const pid = isUnderWay(book.get(jobId)) ? book.foreignOwnerOf(jobId)?.pid : undefined;
    if (pid === undefined) return;
    throw new AppError('app.bad-input', `Job ${jobId} runs in another Dyno (process ${pid}).`, {
      hint: 'Stop it there with Ctrl-C.',
    });
  };

  return {
    start: (kind, input) => {
      const id = options.random.id('job');
      const title = definitionOf(kind).title(input);
      const startedAtMs = clock.nowMs();
      return launch({ id, kind, title, startedAtMs, endedAtMs: null, state: { type: 'queued' } }, input);
    },
    cancel: async (jobId) => {
      const { state, kind } = book.get(jobId);
      await stop(jobId, 'cancel');
      if (state.type === 'paused' || state.type === 'interrupted') {
        await settle(jobId, definitionOf(kind), 'cancel', book.inputOf(jobId));
      }
      return book.get(jobId);
    },
    pause: async (jobId) => {
      const { kind } = book.get(jobId);
      if (!definitionOf(kind).isPausable) {
        throw new AppError('app.bad-input', `A ${kind} job cannot pause`, { hint: 'Cancel it instead.' });
      }
      await stop(jobId, 'pause');
      return book.get(jobId);
    },
    resume: (jobId) => {
      const job = book.get(jobId);
      if (isUnderWay(job) || job.state.type === 'done') {
        throw new AppError('app.bad-input', `Job ${jobId} is ${job.state.type}: there is nothing to resume.`);
      }
      return launch(job, book.inputOf(jobId));
    },
    list: book.list,
    get: book.get,
    isRunning,
    foreign,
    settled: async (jobId) => {
      await running.get(jobId)?.ended;
      return book.get(jobId);
    },
    [Symbol.asyncDispose]: async () => {
      const ending = (kind: Job['kind']): Ending => (definitionOf(kind).isPausable ? 'pause' : 'cancel');
      await Promise.all([...running].map(([jobId, { kind }]) => stop(jobId, ending(kind))));
    },
  };
};
