import { AppError, isAbort } from '../../shared/errors/app-error.ts';
import { errorRow, isErrorCode } from '../../shared/errors/table.ts';

/** A failure as a person reads it: what happened, why, and the next step. */
export interface Problem {
  readonly code: string;
  /** What happened, in one sentence. */
  readonly title: string;
  /** Particulars; absent when they would only repeat the title. */
  readonly detail?: string;
  readonly hint?: string;
  readonly isRetryable: boolean;
}

const make = (code: string, message: string, hint: string | undefined): Problem => {
  const row = isErrorCode(code) ? errorRow(code) : undefined;
  const title = row?.title ?? message;
  return {
    code,
    title,
    ...(message === title || message === '' ? {} : { detail: message }),
    ...(hint === undefined ? {} : { hint }),
    isRetryable: row?.retryable ?? true,
  };
};

const hintIn = (data: unknown): string | undefined =>
  typeof data === 'object' && data !== null && 'hint' in data && typeof data.hint === 'string'
    ? data.hint
    : undefined;

/** Reads any thrown value: an error of the contract (code, message, data.hint), one of ours, or a lost connection. */
export const toProblem = (error: unknown): Problem => {
  if (error instanceof AppError) return make(error.code, error.message, error.hint);
  if (isAbort(error)) return make('app.cancelled', '', undefined);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return make(error.code, error.message, hintIn('data' in error ? error.data : undefined));
  }
  return {
    code: 'app.internal',
    title: 'The connection to Dyno broke during this action.',
    detail: error instanceof Error ? error.message : String(error),
    hint: 'Try again as soon as the connection is back.',
    isRetryable: true,
  };
};

/** A payload that crossed the contract inside a state (failed job, failed server, failed cell). */
export const fromErrorPayload = (payload: {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}): Problem => make(payload.code, payload.message, payload.hint);
