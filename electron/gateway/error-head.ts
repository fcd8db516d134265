import { AppError } from '../../shared/errors/app-error.ts';
import { errorRow } from '../../shared/errors/table.ts';

/** Said with a 429 or 503 that knows no better time. */
const DEFAULT_RETRY_AFTER_SECONDS = 1;

/** What a client may know of a failure: a defect of ours says nothing of its cause, which may hold a path or a prompt. */
export const toldError = (error: AppError): AppError =>
  error.code === 'app.internal'
    ? new AppError('app.internal', undefined, {
        hint: 'The log of Dyno has the details under this request id.',
      })
    : error;

/** What happened and the next step, in one text. */
export const toldMessage = ({ message, hint }: AppError): string =>
  hint === undefined ? message : `${message} ${hint}`;

/** Status and the headers that belong to the error, names in lower case; the same in every dialect. */
export const errorHead = (
  error: AppError,
): { readonly status: number; readonly headers: Readonly<Record<string, string>> } => {
  const status = errorRow(error.code).http;
  const seconds = error.details?.['retryAfterSeconds'];
  const allow = error.details?.['allow'];
  const isLater = status === 429 || status === 503 || typeof seconds === 'number';
  return {
    status,
    headers: {
      ...(isLater
        ? { 'retry-after': String(typeof seconds === 'number' ? seconds : DEFAULT_RETRY_AFTER_SECONDS) }
        : {}),
      ...(status === 401 ? { 'www-authenticate': 'Bearer realm="dyno"' } : {}),
      ...(typeof allow === 'string' ? { allow } : {}),
    },
  };
};
