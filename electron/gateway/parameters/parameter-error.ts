import { AppError } from '../../../shared/errors/app-error.ts';

/** A parameter the server does not know, or knows and cannot honour. `param` is its path, as `tools[0].type`. */
export const unsupportedParameter = (param: string, message: string, hint?: string): AppError =>
  new AppError('gateway.unsupported-parameter', message, { hint, details: { param } });

/** A known parameter with a value that is not accepted. */
export const invalidValue = (param: string, message: string, hint?: string): AppError =>
  new AppError('gateway.invalid-value', message, { hint, details: { param } });
