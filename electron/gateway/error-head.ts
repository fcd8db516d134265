import type { AppError } from '../../shared/errors/app-error.ts';
import { errorRow } from '../../shared/errors/table.ts';

/** Said with a 429 or 503 that knows no better time. */
const DEFAULT_RETRY_AFTER_SECONDS = 1;

/** What happened and the next step, in one text. */
export const toldMessage = ({ message, hint }: AppError): string =>
  hint === undefined ? message : `${message} ${hint}`;

/** Facts of an error that its reply tells, with the names they have there. */
const toldNames = {
  promptTokens: 'prompt_tokens',
  maxTokens: 'max_tokens',
  contextSize: 'context_size',
  progress: 'progress',
  scope: 'scope',
  window: 'window',
  resource: 'resource',
  limit: 'limit',
  used: 'used',
  resetsInSeconds: 'resets_in_s',
} as const;

/** What a program may act on: both counts of a prompt that is too long, how far a load is, which limit was met. */
export const toldFacts = ({ details }: AppError): Readonly<Record<string, string | number>> => {
  const facts: Record<string, string | number> = {};
  for (const [name, told] of Object.entries(toldNames)) {
    const value = details?.[name];
    if (typeof value === 'string' || typeof value === 'number') facts[told] = value;
  }
  return facts;
};

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
      // OpenAI's libraries ask again by themselves, unless told not to
      ...(error.details?.['shouldRetry'] === false ? { 'x-should-retry': 'false' } : {}),
      ...(status === 401 ? { 'www-authenticate': 'Bearer realm="dyno"' } : {}),
      ...(typeof allow === 'string' ? { allow } : {}),
    },
  };
};
