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

/** What a contract call rejected with, as the `AppError` that the host threw. Input refused by a schema is `app.bad-input`. */
export const fromContractError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return toAppError(error);
  const data = dataOf(error);
  if (isErrorCode(error.code)) return new AppError(error.code, error.message, { ...data, cause: error });
  if (error.code === 'BAD_REQUEST')
    return new AppError('app.bad-input', describeIssues(error), { cause: error });
  return toAppError(error);
};

/** zod's issues as one sentence: "repetitions: Too small: expected number to be >=1". */
const describeIssues = (error: object): string => {
  const data = 'data' in error && typeof error.data === 'object' && error.data !== null ? error.data : {};
  const issues = 'issues' in data && Array.isArray(data.issues) ? data.issues : [];
  const sentences = issues.flatMap((issue: unknown) => {
    if (typeof issue !== 'object' || issue === null || !('message' in issue)) return [];
    const path = 'path' in issue && Array.isArray(issue.path) ? issue.path.map(String).join('.') : '';
    return [`${path === '' ? '' : `${path}: `}${String(issue.message)}`];
  });
  return sentences.length > 0 ? sentences.join('; ') : 'The input does not have the form this action needs.';
};
