import type { ModelDetails } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { isErrorCode } from '../../shared/errors/table.ts';

/**
 * Native code never sees a file whose header was found unsafe.
 * @throws AppError with the code, message and hint the validation gave
 */
export const refuseBroken = ({ problem }: Pick<ModelDetails, 'problem'>): void => {
  if (problem === null) return;
  const code = isErrorCode(problem.code) ? problem.code : 'models.bad-header';
  throw new AppError(code, problem.message, { hint: problem.hint });
};
