import type { BenchRun, Cell } from '../../../shared/contract/bench.ts';
import { AppError, fromPayload, readErrorPayload } from '../../../shared/errors/app-error.ts';
import { namesOf } from '../model-names.ts';
import { partlyFailed } from './partly-failed.ts';

type Judged = Pick<BenchRun, 'id' | 'models' | 'makes' | 'cells' | 'judges'>;

const failedCells = (cells: readonly Cell[]) =>
  cells.flatMap(({ modelId, test, state, error }) =>
    state === 'failed' && error !== null ? [{ modelId, test, error }] : [],
  );

/**
 * What a run failed with when not a single cell could be measured: the first cell's own error, or that of its partner
 * where the arm was only given up for it. `undefined` where something was measured. Pure.
 */
export const wholeFailureOf = ({ cells }: Pick<Judged, 'cells'>): AppError | undefined => {
  if (cells.some(({ state }) => state === 'done')) return undefined;
  const failures = failedCells(cells).map(({ error }) => error);
  const failure = failures.find(({ code }) => code !== 'bench.arm-failed') ?? failures[0];
  if (failure === undefined) return undefined;
  return fromPayload(readErrorPayload(failure) ?? new AppError('app.internal', failure.message).toPayload());
};

/**
 * What a run that measured something could not do: files not made, tests not measured, quality not judged, each with
 * its reason. `undefined` where it did everything. Pure.
 */
export const partFailureOf = ({ id, models, makes, cells, judges }: Judged): AppError | undefined => {
  const nameOf = namesOf(models);
  const unmade = makes.flatMap(({ modelId, type, state }) =>
    state.type === 'failed' ? [{ modelId, what: `${type} could not be made`, error: state.error }] : [],
  );
  const isThere = ({ modelId }: { readonly modelId: string }): boolean =>
    unmade.every((one) => one.modelId !== modelId);
  const failed = Map.groupBy(failedCells(cells).filter(isThere), ({ modelId }) => modelId);
  const unmeasured = [...failed].flatMap(([modelId, own]) => {
    const [first] = own;
    if (first === undefined) return [];
    const tests = own.map(({ test }) => test).join(', ');
    return [{ what: `${nameOf(modelId)} ${tests} failed`, error: first.error }];
  });
  const unjudged = judges.flatMap(({ modelId, state }) =>
    state.type === 'failed' ? [{ what: `${nameOf(modelId)} was not judged`, error: state.error }] : [],
  );
  const parts = [...unmade, ...unmeasured, ...unjudged];
  return parts.length === 0 ? undefined : partlyFailed(parts, `"dyno runs resume ${id}"`);
};
