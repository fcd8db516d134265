import type { FillMarks } from '../../../shared/contract/engine.ts';
import type { EngineReplica } from '../../engine/engine.ts';
import { unsupportedParameter } from '../parameters/parameter-error.ts';

/**
 * The tokens the loaded model was taught to fill a gap with.
 * @throws AppError `gateway.unsupported-parameter` when it has none
 */
export const fillMarksOf = (replica: Pick<EngineReplica, 'facts'>): FillMarks => {
  const { fillMarks } = replica.facts();
  if (fillMarks !== undefined) return fillMarks;
  throw unsupportedParameter(
    'input_suffix',
    'This model has no tokens for filling a gap.',
    'Load a code model that was trained for it, or use POST /v1/completions.',
  );
};
