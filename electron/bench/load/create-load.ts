import {
  loadStartInputSchema,
  type LoadRun,
  type LoadSample,
  type LoadShape,
  type LoadStartInput,
  type LoadTarget,
  type LoadTick,
} from '../../../shared/contract/load.ts';
import { METRICS_VERSION } from '../../../shared/contract/bench.ts';
import { AppError, fromPayload, readErrorPayload } from '../../../shared/errors/app-error.ts';
import type { TraceEntry } from '../profiles/trace-entry.ts';
import { createLoadLifecycle, type ExecuteLoadOptions } from './load-lifecycle.ts';
import type { LoadPorts } from './load-ports.ts';
import { loadRepeatCommand } from './load-repeat-command.ts';
import type { Secrets } from './open-target.ts';
import { bindShape, planTarget, resolveSlo, type LoadInput } from './plan-load.ts';
import { readPrompts } from './prompt-file.ts';
import { listShapes } from './shape-fields.ts';
import { readTrace } from './trace-file.ts';

/** Load runs: any shape against any server. */
export interface LoadRuns {
  shapes(): readonly LoadShape[];
  /**
   * Checks and keeps a run; `execute` measures it.
   * @throws AppError `app.bad-input`, `models.*`, `files.not-found`, `bench.trace-invalid`, `bench.prompts-invalid`
   */
  start(input: LoadStartInput): Promise<{ readonly loadId: string }>;
  /**
   * Measures the stages the run has not measured yet.
   * @throws AppError `app.cancelled`, `bench.target-*`, `bench.not-resumable`, `engine.*`
   */
  execute(loadId: string, options: ExecuteLoadOptions): Promise<void>;
  /** Gives a run that will be resumed its key again. @throws AppError `bench.run-not-found`, `bench.not-resumable` */
  prepareResume(loadId: string, secrets: Partial<Secrets>): void;
  /** Marks runs a dead process left `running` as interrupted. For the start of the host. */
  markInterrupted(): void;
  /** Newest first. */
  list(): readonly LoadRun[];
  /** @throws AppError `bench.run-not-found` */
  get(loadId: string): LoadRun;
  samples(loadId: string, stage?: number): readonly (LoadSample & { readonly stage: number })[];
  ticks(loadId: string): readonly LoadTick[];
  /** @throws AppError `bench.run-not-found`, `bench.busy` while it runs */
  remove(loadId: string): void;
}

const parseInput = (raw: LoadStartInput): LoadInput => {
  const parsed = loadStartInputSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('app.bad-input', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, {
    cause: parsed.error,
  });
};

const secretsOf = ({ target }: LoadInput): Secrets =>
  target.type === 'url'
    ? { apiKey: target.apiKey ?? '', headers: target.headers }
    : { apiKey: '', headers: {} };

/** The part of the trace that the shape asks for; empty for shapes without one. */
const traceOf = async (
  { files }: Pick<LoadPorts, 'files'>,
  parameters: Readonly<Record<string, unknown>>,
): Promise<readonly TraceEntry[]> => {
  const { trace, maxRequests } = parameters;
  return typeof trace === 'string' && typeof maxRequests === 'number'
    ? readTrace(await files.readText(trace), maxRequests)
    : [];
};

const whereOf = ({ type, url, model, isSynthetic }: LoadTarget): string =>
  type === 'url' ? new URL(url).host : `${model}${isSynthetic ? ' (synthetic)' : ''}`;

export const createLoadRuns = (ports: LoadPorts): LoadRuns => {
  const { loads, clock } = ports;
  const secrets = new Map<string, Secrets>();
  const readRunTrace = (parameters: Readonly<Record<string, unknown>>) => traceOf(ports, parameters);
  const lifecycle = createLoadLifecycle(ports, {
    secretsOf: (loadId) => secrets.get(loadId) ?? { apiKey: '', headers: {} },
    readTrace: readRunTrace,
  });

  const resolve = async (input: LoadInput) => {
    if (input.target.type === 'url') return null;
    const model = await ports.resolveModel(input.target.model);
    const problem = readErrorPayload(model.problem);
    if (problem !== undefined) throw fromPayload(problem);
    return model;
  };

  return {
    shapes: listShapes,
    start: async (raw) => {
      const input = parseInput(raw);
      const slo = resolveSlo(input.slo);
      if (input.shape === 'slo-search' && slo === null) {
        throw new AppError('app.bad-input', 'The SLO search needs a service level to search for.', {
          hint: 'Add --slo interactive, or limits: --slo ttft=500 --slo tpot=50.',
        });
      }
      const { target, contextSize } = planTarget(input, await resolve(input));
      const profile = bindShape(input, contextSize);
      await readRunTrace(profile.parameters);
      if (input.prompts.type === 'file') readPrompts(await ports.files.readText(input.prompts.path));
      const loadId = ports.random.id('load');
      loads.create({
        id: loadId,
        name: input.name ?? `${whereOf(target)}, ${profile.test}`,
        createdAtMs: clock.nowMs(),
        endedAtMs: null,
        metricsVersion: METRICS_VERSION,
        dynoVersion: ports.version,
        target,
        shape: input.shape,
        parameters: profile.parameters,
        description: profile.description,
        prompts: input.prompts,
        slo,
        seed: input.seed,
        idleTimeoutMs: input.idleTimeoutMs,
        state: { type: 'queued' },
        machine: null,
        finding: null,
        trust: null,
        repeatCommand: loadRepeatCommand({ ...input, target, slo }, input.parameters),
      });
      secrets.set(loadId, secretsOf(input));
      return { loadId };
    },
    execute: (loadId, options) => lifecycle.execute(loadId, options),
    prepareResume: (loadId, given) => {
      lifecycle.assertResumable(loadId);
      const known = secrets.get(loadId);
      secrets.set(loadId, {
        apiKey: given.apiKey ?? known?.apiKey ?? '',
        headers: given.headers ?? known?.headers ?? {},
      });
    },
    markInterrupted: () => {
      for (const run of loads.list()) {
        const isLeft = run.state.type === 'running' || run.state.type === 'queued';
        if (isLeft && !lifecycle.isExecuting(run.id))
          loads.update(run.id, { state: { type: 'interrupted' } });
      }
    },
    list: () => loads.list(),
    get: (loadId) => lifecycle.get(loadId),
    samples: (loadId, stage) => loads.samples(lifecycle.get(loadId).id, stage),
    ticks: (loadId) => loads.ticks(lifecycle.get(loadId).id),
    remove: (loadId) => {
      if (lifecycle.isExecuting(lifecycle.get(loadId).id)) {
        throw new AppError('bench.busy', undefined, { hint: 'Cancel it first.' });
      }
      loads.remove(loadId);
      secrets.delete(loadId);
    },
  };
};
