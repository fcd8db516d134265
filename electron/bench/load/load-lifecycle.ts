import type { LoadRun } from '../../../shared/contract/load.ts';
import { AppError, isAbort, toAppError } from '../../../shared/errors/app-error.ts';
import { createDriver } from '../driver/create-driver.ts';
import { profileNamed } from '../profiles/list.ts';
import type { TraceEntry } from '../profiles/trace-entry.ts';
import { combineTrust, trustOf } from '../trust/combine-trust.ts';
import { idleReasons } from '../trust/machine.ts';
import type { TrustReason } from '../trust/reason.ts';
import type { LoadPorts } from './load-ports.ts';
import { openTarget, type Secrets } from './open-target.ts';
import { runStages, type StageProgress } from './run-stages.ts';

export interface ExecuteLoadOptions {
  readonly signal: AbortSignal;
  /** `fraction` is `null` for shapes whose number of stages nobody knows beforehand. */
  readonly onProgress: (fraction: number | null, note: string) => void;
}

interface LifecycleOptions {
  readonly secretsOf: (loadId: string) => Secrets;
  readonly readTrace: (parameters: Readonly<Record<string, unknown>>) => Promise<readonly TraceEntry[]>;
}

/**
 * queued → running → done | failed | cancelled
 *            ▲  │
 *            │  ▼ (the process ended)
 *            └─ interrupted          cancelled and failed runs may be resumed, too
 */
export interface LoadLifecycle {
  /** @throws AppError `bench.run-not-found` */
  get(loadId: string): LoadRun;
  isExecuting(loadId: string): boolean;
  /** @throws AppError `bench.run-not-found`, `bench.not-resumable` */
  assertResumable(loadId: string): void;
  /** See `LoadRuns.execute`. */
  execute(loadId: string, options: ExecuteLoadOptions): Promise<void>;
}

export const createLoadLifecycle = (ports: LoadPorts, options: LifecycleOptions): LoadLifecycle => {
  const { loads, clock, publish } = ports;
  const executing = new Set<string>();

  const get = (loadId: string): LoadRun => {
    const run = loads.get(loadId);
    if (run !== undefined) return run;
    throw new AppError('bench.run-not-found', `No load run has the id ${loadId}.`, {
      hint: 'dyno load --list shows them.',
    });
  };
  const assertResumable = (loadId: string): void => {
    const run = get(loadId);
    if (run.state.type !== 'done') return;
    throw new AppError('bench.not-resumable', `“${run.name}” is finished.`, {
      hint: `Measure it again: ${run.repeatCommand}`,
    });
  };

  /** What other programs did before the start; only where the server runs on this machine does it touch the result. */
  const machineReasons = async (run: LoadRun, signal: AbortSignal): Promise<readonly TrustReason[]> =>
    run.target.type === 'model' ? idleReasons(await ports.idleProbe(signal), undefined) : [];

  const close = (loadId: string, state: LoadRun['state'], extra: readonly TrustReason[] = []): void => {
    const run = get(loadId);
    const profile = profileNamed(run.shape).bind(run.parameters, Number.MAX_SAFE_INTEGER, { seed: run.seed });
    const done = run.stages.flatMap(({ state: stageState, name, load, summary }) =>
      stageState === 'done' && summary !== null ? [{ name, load, summary }] : [],
    );
    const stages = run.stages.map(({ name, trust }) => ({ modelId: '', test: name, trust }));
    const judged = combineTrust(stages, () => '');
    loads.update(loadId, {
      state,
      endedAtMs: clock.nowMs(),
      finding: profile.conclude(done),
      trust: judged === null ? null : trustOf([...judged.reasons, ...extra]),
    });
    publish({ type: 'load.ended', loadId });
  };

  const measure = async (loadId: string, { signal, onProgress }: ExecuteLoadOptions): Promise<void> => {
    const note = (text: string): void => onProgress(null, text);
    loads.update(loadId, {
      endedAtMs: null,
      state: { type: 'running', fraction: null, etaMs: null, note: '' },
    });
    publish({ type: 'load.started', loadId });
    const run = get(loadId);
    const extra = await machineReasons(run, signal);
    await using driver = createDriver(ports.processes);
    await using open = await openTarget(ports, {
      run,
      driver,
      secrets: options.secretsOf(loadId),
      signal,
      note,
    });
    loads.update(loadId, { target: open.facts, machine: await ports.inventory() });
    const shape = profileNamed(run.shape);
    const profile = shape.bind(run.parameters, Number.MAX_SAFE_INTEGER, {
      seed: run.seed,
      trace: await options.readTrace(run.parameters),
    });
    const tell = ({ index, stage, fraction }: StageProgress): void =>
      onProgress(shape.stages === 'one' ? fraction : null, `Stage ${index + 1}, ${stage.name}`);
    await runStages(ports, { run, profile, driver, open, signal, onProgress: tell });
    close(loadId, { type: 'done', resultId: loadId }, extra);
  };

  const execute: LoadLifecycle['execute'] = async (loadId, executeOptions) => {
    assertResumable(loadId);
    executing.add(loadId);
    try {
      await measure(loadId, executeOptions);
    } catch (error) {
      if (executeOptions.signal.aborted || isAbort(error)) {
        close(loadId, { type: 'cancelled' });
        throw new AppError('app.cancelled', undefined, { cause: error });
      }
      const failure = toAppError(error);
      const { code, message, hint } = failure;
      close(loadId, { type: 'failed', error: { code, message, ...(hint !== undefined && { hint }) } });
      throw failure;
    } finally {
      executing.delete(loadId);
    }
  };

  return { get, isExecuting: (loadId) => executing.has(loadId), assertResumable, execute };
};
