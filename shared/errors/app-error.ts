import { errorRow, isErrorCode, type ErrorCode } from './table.ts';

/** What crosses a border in place of an `AppError`: code, message and hint, never a cause or a stack. */
export interface ErrorPayload {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Facts a program may act on (`param`, `retryAfterSeconds`, `nearestContextSize`…); plain JSON. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

interface AppErrorOptions {
  /** The next step, in the imperative: "Choose Q4_K_M or a context of 4096." */
  readonly hint?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** A failure users can meet. `message` says what happened with its particulars; the row of `code` says the rest. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message?: string, options: AppErrorOptions = {}) {
    super(
      message ?? errorRow(code).title,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }

  toPayload(): ErrorPayload {
    return { code: this.code, message: this.message, hint: this.hint, details: this.details };
  }
}

/** Rebuilds the error that `toPayload` took apart on the other side of a border. */
export const fromPayload = (payload: ErrorPayload, cause?: unknown): AppError =>
  new AppError(payload.code, payload.message, { hint: payload.hint, details: payload.details, cause });

/** True for an abort by signal, whichever API raised it. */
export const isAbort = (error: unknown): boolean =>
  (error instanceof AppError && error.code === 'app.cancelled') ||
  (error instanceof Error && error.name === 'AbortError');

/**
 * Any thrown value as an `AppError`: itself, a cancellation for an abort, else `app.internal` with the value as cause.
 * @param fallback code for values that are not ours yet; `app.internal` unless the caller knows better.
 */
export const toAppError = (error: unknown, fallback: ErrorCode = 'app.internal'): AppError => {
  if (error instanceof AppError) return error;
  if (isAbort(error)) return new AppError('app.cancelled', undefined, { cause: error });
  return new AppError(fallback, error instanceof Error ? error.message : String(error), { cause: error });
};

/** Reads a payload from untrusted JSON; `undefined` when it is none. */
export const readErrorPayload = (value: unknown): ErrorPayload | undefined => {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('message' in value))
    return undefined;
  const { code, message } = value;
  if (typeof code !== 'string' || !isErrorCode(code) || typeof message !== 'string') return undefined;
  const hint = 'hint' in value && typeof value.hint === 'string' ? value.hint : undefined;
  const details =
    'details' in value && typeof value.details === 'object' && value.details !== null
      ? Object.fromEntries(Object.entries(value.details))
      : undefined;
  return { code, message, hint, details };
};
