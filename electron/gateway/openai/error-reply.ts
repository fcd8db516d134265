import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import { errorRow } from '../../../shared/errors/table.ts';
import type { ErrorReply } from './reply-schemas.ts';

/** Said with a 503 that knows no better time. */
const DEFAULT_RETRY_AFTER_SECONDS = 1;

/** The error in OpenAI's form. A defect of ours says nothing of its cause, which may hold a path or a prompt. */
export const toErrorReply = (error: unknown): ErrorReply => {
  const known = toAppError(error);
  const row = errorRow(known.code);
  const said =
    known.code === 'app.internal'
      ? new AppError('app.internal', undefined, {
          hint: 'The log of Dyno has the details under this request id.',
        })
      : known;
  const param = said.details?.['param'];
  return {
    error: {
      message: said.hint === undefined ? said.message : `${said.message} ${said.hint}`,
      type: row.openai.type,
      param: typeof param === 'string' && param !== '' ? param : null,
      code: row.openai.code,
    },
  };
};

/** Status and the headers that belong to the error, names in lower case. */
export const errorHead = (
  error: unknown,
): { readonly status: number; readonly headers: Readonly<Record<string, string>> } => {
  const known = toAppError(error);
  const status = errorRow(known.code).http;
  const seconds = known.details?.['retryAfterSeconds'];
  const allow = known.details?.['allow'];
  return {
    status,
    headers: {
      ...(status === 503 || typeof seconds === 'number'
        ? { 'retry-after': String(typeof seconds === 'number' ? seconds : DEFAULT_RETRY_AFTER_SECONDS) }
        : {}),
      ...(status === 401 ? { 'www-authenticate': 'Bearer realm="dyno"' } : {}),
      ...(typeof allow === 'string' ? { allow } : {}),
    },
  };
};
