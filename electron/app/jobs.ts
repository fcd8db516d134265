import type { Job, JobState } from '../../shared/contract/common.ts';
import { AppError, isAbort, toAppError } from '../../shared/errors/app-error.ts';
import type { EventBody } from '../../shared/events/events.ts';
import type { Clock, Logger, Random } from '../platform/ports.ts';
import type { FactStore, JobStore } from '../platform/stores.ts';
import { estimateRemainingMs } from './job-eta.ts';

export interface JobProgress {
  /** 0..1, `null` while the total is unknown. */
  readonly fraction: number | null;
  readonly note: string;
  /** A better estimate than the runner's own, where the action has one. */
  readonly etaMs?: number | null;
}

export interface JobContext {
  readonly jobId: string;
  readonly signal: AbortSignal;
  report(progress: JobProgress): void;
}

/** How one kind of job is done. `input` is plain JSON, kept so that an interrupted job can be resumed. */
export interface JobDefinition {
  readonly kind: Job['kind'];
  readonly isPausable: boolean;
  title(input: unknown): string;
  /** Resolves to the id of what was made, or `null`. */
  run(input: unknown, context: JobContext): Promise<string | null>;
  /** Clears away what a cancelled job leaves behind (a paused one keeps it). */
  discard?(input: unknown): Promise<void>;
}

/**
 * queued → running → done | failed | cancelled
 *            │ ▲
 *            ▼ │ resume
 *          paused | interrupted (the process ended)
 */
export interface JobRunner extends AsyncDisposable {
  start(kind: Job['kind'], input: unknown): Job;
  cancel(jobId: string): Promise<Job>;
  pause(jobId: string): Promise<Job>;
  resume(jobId: string): Job;
  list(): readonly Job[];
  get(jobId: string): Job;
  /** Resolves with the job once it is no longer running. */
  settled(jobId: string): Promise<Job>;
}

interface Running {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
  isPausing: boolean;
}

interface Options {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly jobs: JobStore;
  readonly facts: FactStore;
  readonly publish: (body: EventBody) => void;
  readonly definitions: readonly JobDefinition[];
  /** Process id that owns a running job, and whether a process id is alive. */
  readonly pid: number;
  readonly isAlive: (pid: number) => boolean;
}

const kept = 200;
const reportEveryMs = 150;

const readOwner = (value: unknown): { readonly pid: number; readonly input: unknown } | undefined => {
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('input' in value))
    return undefined;
  return typeof value.pid === 'number' ? { pid: value.pid, input: value.input } : undefined;
};

export const createJobRunner = (options: Options): JobRunner => {
  const { clock, jobs, facts, publish } = options;
  const running = new Map<string, Running>();
  const known = new Map<string, Job>(jobs.list(kept).map((job) => [job.id, job]));

  const definitionOf = (kind: Job['kind']): JobDefinition => {
    const definition = options.definitions.find((candidate) => candidate.kind === kind);
    if (definition === undefined)
      throw new AppError('app.internal', `No definition for jobs of kind ${kind}`);
    return definition;
  };
  const get = (jobId: string): Job => {
    const job = known.get(jobId);
    if (job === undefined)
      throw new AppError('app.not-found', `No job ${jobId}`, { hint: 'dyno jobs lists them.' });
    return job;
  };
  const change = (job: Job, state: JobState): Job => {
    const isOver = state.type !== 'running' && state.type !== 'queued' && state.type !== 'paused';
    const next: Job = { ...job, state, endedAtMs: isOver ? clock.nowMs() : null };
    known.set(next.id, next);
    jobs.put(next);
    publish({ type: 'job.changed', job: next });
    return next;
  };

  const execute = async (job: Job, input: unknown, entry: Running): Promise<void> => {
    const definition = definitionOf(job.kind);
    const startedMs = clock.monotonicMs();
    let lastReportMs = -Infinity;
    const report = (progress: JobProgress): void => {
      const nowMs = clock.monotonicMs();
      const isLast = progress.fraction === 1;
      if (entry.abort.signal.aborted || (nowMs - lastReportMs < reportEveryMs && !isLast)) return;
      lastReportMs = nowMs;
      const etaMs =
        progress.etaMs === undefined
          ? estimateRemainingMs(progress.fraction, nowMs - startedMs)
          : progress.etaMs;
      change(get(job.id), { type: 'running', fraction: progress.fraction, etaMs, note: progress.note });
    };
    try {
      const resultId = await definition.run(input, { jobId: job.id, signal: entry.abort.signal, report });
      change(get(job.id), { type: 'done', resultId });
    } catch (error) {
      const isStopped = entry.abort.signal.aborted && isAbort(error);
      if (isStopped && entry.isPausing) {
        const { state } = get(job.id);
        const fraction = state.type === 'running' ? state.fraction : null;
        change(get(job.id), { type: 'paused', fraction, note: 'Paused' });
      } else if (isStopped) {
        await definition.discard?.(input);
        change(get(job.id), { type: 'cancelled' });
      } else {
        const failure = toAppError(error);
        options.log.warn('job failed', { kind: job.kind, jobId: job.id, error: failure });
        change(get(job.id), { type: 'failed', error: failure.toPayload() });
      }
    } finally {
      running.delete(job.id);
    }
  };

  const launch = (job: Job, input: unknown): Job => {
    facts.set(`job/${job.id}`, { pid: options.pid, input });
    const started = change(job, { type: 'running', fraction: null, etaMs: null, note: '' });
    const ended = Promise.withResolvers<undefined>();
    const entry: Running = { abort: new AbortController(), ended: ended.promise, isPausing: false };
    running.set(job.id, entry);
    void execute(job, input, entry).finally(() => ended.resolve(undefined));
    return started;
  };

  const stop = async (jobId: string, isPausing: boolean): Promise<void> => {
    const entry = running.get(jobId);
    if (entry === undefined) return;
    entry.isPausing = isPausing;
    entry.abort.abort();
    await entry.ended;
  };

  const inputOf = (jobId: string): unknown => {
    const owner = readOwner(facts.get(`job/${jobId}`));
    if (owner === undefined)
      throw new AppError('app.not-found', `Job ${jobId} cannot be resumed: start it anew.`);
    return owner.input;
  };

  for (const job of known.values()) {
    const owner = readOwner(facts.get(`job/${job.id}`));
    const isOrphan = owner === undefined || owner.pid === options.pid || !options.isAlive(owner.pid);
    if ((job.state.type === 'running' || job.state.type === 'queued') && isOrphan)
      change(job, { type: 'interrupted' });
  }

  return {
    start: (kind, input) => {
      const title = definitionOf(kind).title(input);
      const startedAtMs = clock.nowMs();
      return launch(
        {
          id: options.random.id('job'),
          kind,
          title,
          startedAtMs,
          endedAtMs: null,
          state: { type: 'queued' },
        },
        input,
      );
    },
    cancel: async (jobId) => {
      const { state, kind } = get(jobId);
      await stop(jobId, false);
      if (state.type === 'paused' || state.type === 'interrupted') {
        await definitionOf(kind).discard?.(inputOf(jobId));
        change(get(jobId), { type: 'cancelled' });
      }
      return get(jobId);
    },
    pause: async (jobId) => {
      const job = get(jobId);
      if (!definitionOf(job.kind).isPausable) {
        throw new AppError('app.bad-input', `A ${job.kind} job cannot pause`, { hint: 'Cancel it instead.' });
      }
      await stop(jobId, true);
      return get(jobId);
    },
    resume: (jobId) => {
      const job = get(jobId);
      if (job.state.type === 'running' || job.state.type === 'done') {
        throw new AppError('app.bad-input', `Job ${jobId} is ${job.state.type}: there is nothing to resume.`);
      }
      return launch(job, inputOf(jobId));
    },
    list: () => [...known.values()].toSorted((a, b) => b.startedAtMs - a.startedAtMs).slice(0, kept),
    get,
    settled: async (jobId) => {
      await running.get(jobId)?.ended;
      return get(jobId);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(
        [...running.keys()].map((jobId) => stop(jobId, definitionOf(get(jobId).kind).isPausable)),
      );
    },
  };
};
