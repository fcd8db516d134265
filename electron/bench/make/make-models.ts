import type { BenchRun } from '../../../shared/contract/bench.ts';
import type { MakeState, MakeStep } from '../../../shared/contract/bench-make.ts';
import type { Model } from '../../../shared/contract/models.ts';
import { AppError, isAbort, toAppError } from '../../../shared/errors/app-error.ts';
import { formatDuration, formatFraction } from '../../../shared/units/format.ts';
import { freshCell } from '../plan/fresh-cell.ts';
import { toBenchModel } from '../plan/bench-model.ts';
import type { BenchPorts } from '../ports.ts';

interface MakeOptions {
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  /** The file at `index` of those to be made is done to `fraction`. */
  readonly report: (index: number, fraction: number, note: string) => void;
}

const isOpen = ({ state }: MakeStep): boolean => state.type !== 'made';

/** Files the run has still to make. */
export const openMakes = (run: Pick<BenchRun, 'makes'>): readonly MakeStep[] => run.makes.filter(isOpen);

/**
 * Makes every file of the run that is not there yet, one after the other, and puts each in its place among the run's
 * models. One that cannot be made fails its cells with the reason; the others go on. After a kill, a file that was
 * finished is taken in and not made again.
 * @throws AppError `app.cancelled` when the signal aborts
 */
export const makeModels = async (
  ports: BenchPorts,
  read: () => BenchRun,
  { signal, note, report }: MakeOptions,
): Promise<void> => {
  const { runs, publish, clock, maker } = ports;
  const { id: runId } = read();

  const change = (step: MakeStep, state: MakeState, modelId = step.modelId): void => {
    const next = { ...step, modelId, state };
    runs.update(runId, { makes: read().makes.map((one) => (one.type === step.type ? next : one)) });
    publish({ type: 'bench.make-changed', runId, make: next });
  };

  const takeIn = async (step: MakeStep, model: Model, isReused: boolean): Promise<void> => {
    const run = read();
    const made = toBenchModel(model, await ports.chatTemplate(model.path));
    runs.update(runId, {
      models: run.models.map((one) => (one.modelId === step.modelId ? made : one)),
      judges: run.judges.map((one) => (one.modelId === step.modelId ? { ...one, modelId: model.id } : one)),
      spec: { ...run.spec, models: run.spec.models.map((id) => (id === step.modelId ? model.id : id)) },
    });
    for (const cell of run.cells.filter((one) => one.modelId === step.modelId && model.id !== one.modelId)) {
      runs.putCell(runId, { ...cell, modelId: model.id });
    }
    change(step, { type: 'made', isReused }, model.id);
  };

  const giveUp = (step: MakeStep, error: AppError): void => {
    const { code, message, hint } = error;
    const payload = { code, message, ...(hint !== undefined && { hint }) };
    ports.log.warn('a file for a benchmark could not be made', { runId, type: step.type, error });
    change(step, { type: 'failed', error: payload });
    for (const cell of read().cells.filter(({ modelId }) => modelId === step.modelId)) {
      const failed = {
        ...freshCell(cell),
        state: 'failed' as const,
        error: payload,
        endedAtMs: clock.nowMs(),
      };
      runs.putCell(runId, failed);
      publish({ type: 'bench.cell-finished', runId, cell: failed });
    }
    note(`${step.type} could not be made: ${message}`);
  };

  const makeOne = async (step: MakeStep, index: number): Promise<void> => {
    const { type, state, calibration } = step;
    report(index, 0, `Making ${type}`);
    const base = await ports.resolveModel(step.baseModelId);
    const known = await maker.find(base, type, calibration);
    if (known !== undefined) {
      await takeIn(step, known, true);
      return;
    }
    const path = state.type === 'making' ? state.path : await maker.freePath(base, type, calibration);
    change(step, { type: 'making', path });
    const startedMs = clock.monotonicMs();
    const model = await maker.make(
      { base, type, path, calibration },
      {
        signal,
        onProgress: ({ fraction }) => report(index, fraction, `Making ${type}, ${formatFraction(fraction)}`),
      },
    );
    await takeIn(step, model, false);
    const took = formatDuration(clock.monotonicMs() - startedMs);
    note(`${type} made of ${base.id} in ${took}.`);
  };

  for (const [index, step] of openMakes(read()).entries()) {
    try {
      signal.throwIfAborted();
      await makeOne(step, index);
    } catch (error) {
      if (signal.aborted || isAbort(error)) throw new AppError('app.cancelled', undefined, { cause: error });
      giveUp(step, toAppError(error));
    }
    report(index, 1, `${step.type} is ready`);
  }
};
