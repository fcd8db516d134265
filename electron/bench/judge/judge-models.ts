import type { BenchRun } from '../../../shared/contract/bench.ts';
import type { JudgeState, JudgeStep, QualityFigures } from '../../../shared/contract/bench-judge.ts';
import type { QualityResult } from '../../../shared/contract/quality.ts';
import { AppError, isAbort, toAppError } from '../../../shared/errors/app-error.ts';
import { writeWithError } from '../../../shared/units/estimate.ts';
import { formatCount } from '../../../shared/units/format.ts';
import { namesOf } from '../model-names.ts';
import type { BenchPorts } from '../ports.ts';
import { baseFigures, candidateFigures } from './quality-figures.ts';

interface JudgeOptions {
  readonly signal: AbortSignal;
  readonly report: (fraction: number, note: string) => void;
  /** A sentence for the run's log. */
  readonly note: (text: string) => void;
}

/** Files of the run that are there and have no figures yet; the base is judged with the first of the others. */
export const openJudges = ({ judges, makes }: Pick<BenchRun, 'judges' | 'makes'>): readonly JudgeStep[] =>
  judges.filter(
    ({ isBase, state, modelId }) =>
      !isBase &&
      state.type !== 'judged' &&
      makes.every((make) => make.modelId !== modelId || make.state.type === 'made'),
  );

/**
 * Judges every file of the run that has no figures yet against the run's base, and keeps each as it comes. What cannot
 * be judged carries its error; the measurements stand.
 * @throws AppError `app.cancelled` when the signal aborts
 */
export const judgeModels = async (
  ports: Pick<BenchPorts, 'runs' | 'publish' | 'judge' | 'log'>,
  read: () => BenchRun,
  { signal, report, note }: JudgeOptions,
): Promise<void> => {
  const { runs, publish } = ports;
  const run = read();
  const { id: runId } = run;
  const base = run.judges.find(({ isBase }) => isBase);
  const wish = run.spec.judge;
  const open = openJudges(run);
  if (base === undefined || wish === undefined || open.length === 0) return;
  const nameOf = namesOf(run.models);

  const change = (modelId: string, state: JudgeState): void => {
    const judges = read().judges.map((one) => (one.modelId === modelId ? { ...one, state } : one));
    runs.update(runId, { judges });
    const judge = judges.find((one) => one.modelId === modelId);
    if (judge !== undefined) publish({ type: 'bench.judge-changed', runId, judge });
  };
  const tasksOf = (modelId: string): QualityFigures['tasks'] => {
    const state = read().judges.find((one) => one.modelId === modelId)?.state;
    return state?.type === 'judged' ? state.figures.tasks : null;
  };
  const keep = (result: QualityResult): void => {
    const { modelId } = result.candidate;
    const figures = candidateFigures(result);
    change(modelId, { type: 'judged', figures });
    const ofBase = baseFigures(result);
    // a stored result may hold tasks that this run did not ask for: the base keeps its answers
    const tasks = ofBase.tasks ?? tasksOf(base.modelId);
    change(base.modelId, { type: 'judged', figures: { ...ofBase, tasks } });
    const { kld } = figures;
    note(
      `${nameOf(modelId)} is ${writeWithError(kld.value, kld.standardError)} nats away from ${nameOf(base.modelId)}, n ${formatCount(figures.n)}.`,
    );
  };
  const giveUp = (modelId: string, failure: AppError): void => {
    const { code, message, hint } = failure;
    ports.log.warn('quality could not be judged', { runId, modelId, error: failure });
    change(modelId, {
      type: 'failed',
      error: { code, message, ...(hint !== undefined && { hint }) },
    });
    note(`${nameOf(modelId)}: no quality: ${message}`);
  };

  /** The failure, if there is one; an abort puts everything back that is not judged yet. */
  const attempt = async (candidateIds: readonly string[]): Promise<AppError | undefined> => {
    try {
      await ports.judge.judge(
        { baseModelId: base.modelId, candidateIds, wish },
        { signal, onProgress: report, onResult: keep },
      );
      return undefined;
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) return toAppError(error);
      for (const { modelId } of openJudges(read())) change(modelId, { type: 'waiting' });
      throw new AppError('app.cancelled', undefined, { cause: error });
    }
  };

  for (const { modelId } of open) change(modelId, { type: 'judging' });
  // together, so that the base is read once; one by one where that fails, so that a bad file costs only itself
  if ((await attempt(open.map(({ modelId }) => modelId))) === undefined) return;
  for (const { modelId } of openJudges(read())) {
    const failure = await attempt([modelId]);
    if (failure !== undefined) giveUp(modelId, failure);
  }
};
