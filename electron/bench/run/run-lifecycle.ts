import type { BenchModel, BenchRun, Cell } from '../../../shared/contract/bench.ts';
import { AppError, isAbort, toAppError } from '../../../shared/errors/app-error.ts';
import { formatFraction } from '../../../shared/units/format.ts';
import { executeRun } from './execute-run.ts';
import { createFloorStore } from '../verdicts/floor-store.ts';
import { freshCell } from '../plan/fresh-cell.ts';
import { judgeModels, openJudges } from '../judge/judge-models.ts';
import { skipJudges } from '../judge/skip-judges.ts';
import { makeModels, openMakes } from '../make/make-models.ts';
import { namesOf } from '../model-names.ts';
import type { MeasuringTurn } from './measuring-turn.ts';
import { openCells } from '../plan/open-cells.ts';
import type { BenchPorts } from '../ports.ts';
import type { RunProgress } from './run-progress.ts';
import { partFailureOf, wholeFailureOf } from './run-failure.ts';
import { createRunRecorder, type RunRecorder } from './run-recorder.ts';
import { combineTrust } from '../trust/combine-trust.ts';
import { createWholeProgress } from './whole-progress.ts';

export interface ExecuteRunOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number, etaMs: number | null, note: string) => void;
}

/**
 * queued → running → done | failed (in whole, or with `bench.partly-failed` in part) | cancelled
 *            ▲  │
 *            │  ▼ (the process ended)
 *            └─ interrupted          cancelled and failed runs may be resumed, too
 */
export interface RunLifecycle {
  /** @throws AppError `bench.run-not-found` */
  get(runId: string): BenchRun;
  /** True while this host or another one measures the run. */
  isExecuting(runId: string): boolean;
  /** Writes what the run's recorder holds back. */
  flush(runId: string): void;
  /** @throws AppError `bench.busy` while any run is measured */
  assertIdle(): void;
  /** @throws AppError `bench.run-not-found`, `bench.not-resumable`, `bench.busy` */
  assertResumable(runId: string): void;
  /** See `Bench.execute`. */
  execute(runId: string, options: ExecuteRunOptions): Promise<void>;
}

/** Where the pace of the last whole run with a preset is remembered, seconds per model. */
export const paceKey = (preset: string): string => `bench/seconds-per-model/${preset}`;

const payloadOf = ({ code, message, hint }: AppError) => ({
  code,
  message,
  ...(hint !== undefined && { hint }),
});

export const createRunLifecycle = (
  ports: BenchPorts,
  readCorpus: () => Promise<string>,
  turn: MeasuringTurn,
): RunLifecycle => {
  const { runs, facts, clock } = ports;
  let recorder: RunRecorder | undefined;

  const get = (runId: string): BenchRun => {
    const run = runs.get(runId);
    if (run !== undefined) return run;
    throw new AppError('bench.run-not-found', `No benchmark run has the id ${runId}.`, {
      hint: 'dyno runs list shows them.',
    });
  };
  const assertIdle = turn.assertFree;
  const assertResumable = (runId: string): void => {
    const run = get(runId);
    if (run.state.type === 'done')
      throw new AppError('bench.not-resumable', `“${run.name}” is finished.`, {
        hint: `Measure it again: ${run.repeatCommand}`,
      });
    assertIdle();
  };

  /** Files are keyed by their hash, never by their label alone; reading them once also brings them into memory. */
  const hashModels = async (
    run: BenchRun,
    signal: AbortSignal,
    report: (progress: RunProgress, note: string) => void,
  ): Promise<void> => {
    const hashed: BenchModel[] = [];
    for (const model of run.models) {
      const onBytes = (done: number): void =>
        report(
          { fraction: 0, etaMs: null },
          `SHA-256 of ${model.modelId}, ${formatFraction(done / model.sizeBytes)}`,
        );
      const isMeasured = run.cells.some(
        ({ modelId, state }) => modelId === model.modelId && state === 'waiting',
      );
      if (!isMeasured) {
        hashed.push(model);
        continue;
      }
      const sha256 =
        model.sha256 ??
        hashed.find(({ path }) => path === model.path)?.sha256 ??
        (await ports.files.sha256(model.path, { signal, onBytes }));
      hashed.push({ ...model, sha256 });
    }
    runs.update(run.id, { models: hashed });
  };

  /** What failed, or was stopped, is to be made again. */
  const resetMakes = (run: BenchRun, type: 'failed' | 'making'): void => {
    runs.update(run.id, {
      makes: run.makes.map((make) =>
        make.state.type === type ? { ...make, state: { type: 'waiting' } } : make,
      ),
    });
  };

  const resetJudges = (run: BenchRun): void => {
    runs.update(run.id, {
      judges: run.judges.map((judge) =>
        judge.state.type === 'judged' ? judge : { ...judge, state: { type: 'waiting' } },
      ),
    });
  };

  const resetOpenCells = (run: BenchRun): void => {
    resetMakes(run, 'failed');
    resetJudges(run);
    for (const cell of openCells(run)) {
      runs.clearCell(run.id, cell.id);
      runs.putCell(run.id, freshCell(cell));
    }
  };

  /** Writes the end of a run: its state and the badge over what was measured. */
  const close = (runId: string, state: BenchRun['state']): void => {
    const run = get(runId);
    runs.update(runId, {
      state,
      endedAtMs: clock.nowMs(),
      trust: combineTrust(run.cells, namesOf(run.models)),
    });
    ports.publish({ type: 'bench.ended', runId });
  };
  const cancelOpenCells = (runId: string): void => {
    resetMakes(get(runId), 'making');
    for (const cell of get(runId).cells) {
      if (cell.state === 'done' || cell.state === 'failed') continue;
      runs.clearCell(runId, cell.id);
      const cancelled: Cell = { ...freshCell(cell), state: 'cancelled' };
      runs.putCell(runId, cancelled);
      ports.publish({ type: 'bench.cell-finished', runId, cell: cancelled });
    }
  };
  const rememberPace = (run: BenchRun, startedMs: number): void => {
    if (run.cells.some((cell) => cell.state !== 'waiting')) return; // a resumed run tells only its rest
    if (run.spec.untilDecided !== undefined || run.spec.isCalibration === true) return; // not the preset's work
    const seconds = (clock.monotonicMs() - startedMs) / 1000;
    facts.set(paceKey(run.spec.preset), seconds / run.models.length);
  };

  const paceMs = ({ spec, models }: BenchRun): number | null => {
    const seconds = facts.get(paceKey(spec.preset));
    return typeof seconds === 'number' ? seconds * 1000 * models.length : null;
  };

  /** With the base, since it is read along. */
  const judgedBytes = (run: BenchRun): number => {
    const open = run.judges.filter(({ isBase, state }) => !isBase && state.type !== 'judged');
    return run.models
      .filter(({ modelId }) =>
        run.judges.some((judge) => judge.modelId === modelId && (judge.isBase || open.includes(judge))),
      )
      .reduce((sum, { sizeBytes }) => sum + (open.length === 0 ? 0 : sizeBytes), 0);
  };

  const measure = async (runId: string, { signal, onProgress }: ExecuteRunOptions): Promise<void> => {
    resetOpenCells(get(runId));
    runs.update(runId, {
      endedAtMs: null,
      state: { type: 'running', fraction: null, etaMs: null, note: '' },
    });
    ports.publish({ type: 'bench.started', runId });
    const recording = (recorder = createRunRecorder(ports, runId));
    const report = ({ fraction, etaMs }: RunProgress, note: string): void =>
      onProgress(fraction, etaMs, note);
    const planned = get(runId);
    const makes = openMakes(planned);
    const isMeasured = planned.cells.every(({ state }) => state === 'done');
    const whole = createWholeProgress({
      facts,
      clock,
      files: makes.length,
      baseBytes: planned.models.find(({ modelId }) => modelId === makes[0]?.baseModelId)?.sizeBytes ?? 0,
      measureMs: isMeasured ? 0 : paceMs(planned),
      judgedBytes: judgedBytes(planned),
    });
    if (makes.length > 0) {
      await makeModels(ports, () => get(runId), {
        note: (text) => recording.note(text),
        signal,
        report: (index, fraction, note) => report(whole.making(index, fraction), note),
      });
      if (get(runId).makes.every(({ state }) => state.type === 'made')) whole.remember('making');
    }
    const startedMs = clock.monotonicMs();
    const reportWhole = (progress: RunProgress, note: string): void =>
      report(whole.measuring(progress), note);
    await hashModels(get(runId), signal, reportWhole);
    const run = get(runId);
    if (run.cells.some((cell) => cell.state === 'waiting')) {
      await executeRun(ports, run, {
        signal,
        corpus: await readCorpus(),
        report: reportWhole,
        recorder: recording,
      });
    }
    const failure = wholeFailureOf(get(runId));
    if (failure !== undefined) throw failure;
    rememberPace(run, startedMs);
    if (openJudges(get(runId)).length > 0) {
      await judgeModels(ports, () => get(runId), {
        signal,
        report: (fraction, note) => report(whole.judging(fraction), note),
        note: (text) => recording.note(text),
      });
      if (openJudges(get(runId)).length === 0) whole.remember('judging');
    }
    if (run.spec.isCalibration === true) {
      const repetitions = (cellId: string) => runs.repetitions(runId, cellId);
      createFloorStore(facts).learn(get(runId), repetitions, clock.nowMs());
    }
    const partFailure = partFailureOf(get(runId));
    if (partFailure !== undefined) throw partFailure;
    close(runId, { type: 'done', resultId: runId });
  };

  const execute: RunLifecycle['execute'] = async (runId, options) => {
    assertResumable(runId);
    using _turn = turn.take(runId);
    try {
      await measure(runId, options);
    } catch (error) {
      if (options.signal.aborted || isAbort(error)) {
        cancelOpenCells(runId);
        close(runId, { type: 'cancelled' });
        throw new AppError('app.cancelled', undefined, { cause: error });
      }
      const failure = toAppError(error);
      runs.update(runId, { judges: skipJudges(get(runId)) });
      close(runId, { type: 'failed', error: payloadOf(failure) });
      throw failure;
    } finally {
      recorder = undefined;
    }
  };

  return {
    get,
    isExecuting: (runId) => runId === turn.current() || runId === ports.foreignRun()?.runId,
    flush: (runId) => {
      if (runId === turn.current()) recorder?.flush();
    },
    assertIdle,
    assertResumable,
    execute,
  };
};
