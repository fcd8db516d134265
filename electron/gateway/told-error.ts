import { AppError } from '../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../shared/errors/table.ts';

/** Failures of other rooms that a client may meet: a model that cannot be served, and what every room may throw. */
const toldCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'app.bad-input',
  'app.cancelled',
  'models.bad-header',
  'models.bad-weights',
  'models.missing-part',
  'models.not-gguf',
  'models.truncated',
  'models.unsupported-architecture',
]);

/** True for a code of the closed list: the server's own, the engine's, and a few more. */
export const isTold = (code: ErrorCode): boolean =>
  /^(?:gateway|engine)\./u.test(code) || toldCodes.has(code);

/** What a client may know of a failure: what is not on the list is a defect, whose cause may hold a path or a prompt. */
export const toldError = (error: AppError): AppError =>
  isTold(error.code)
    ? error
    : new AppError('app.internal', undefined, {
        hint: 'The log of Dyno has the details under this request id.',
      });
