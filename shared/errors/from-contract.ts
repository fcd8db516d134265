import { AppError, toAppError } from './app-error.ts';
import { isErrorCode } from './table.ts';

const dataOf = (error: object): { readonly hint?: string; readonly details?: Record<string, unknown> } => {
  if (!('data' in error) || typeof error.data !== 'object' || error.data === null) return {};
  const { data } = error;
  return {
    ...('hint' in data && typeof data.hint === 'string' && { hint: data.hint }),
    ...('details' in data &&
      typeof data.details === 'object' &&
      data.details !== null && { details: { ...data.details } }),
  };
};

/** What a contract call rejected with, as the `AppError` that the host threw. */
export const fromContractError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return toAppError(error);
  const data = dataOf(error);
  if (isErrorCode(error.code)) return new AppError(error.code, error.message, { ...data, cause: error });
  return toAppError(error);
};
