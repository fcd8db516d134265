import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../shared/contract/index.ts';
import { toAppError, type AppError } from '../../shared/errors/app-error.ts';
import { errorRow } from '../../shared/errors/table.ts';
import type { Logger } from '../platform/ports.ts';

/** An `AppError` in the contract's form: code, message, hint and details cross; the cause stays in the log. */
export const toContractError = (error: AppError): ORPCError<string, unknown> =>
  new ORPCError(error.code, {
    status: errorRow(error.code).http,
    message: error.message,
    data: { hint: error.hint, details: error.details },
    defined: true,
  });

/**
 * The contract's implementer with one error border: whatever a handler throws, the client gets a row of the error table.
 * A refused input becomes `app.bad-input` naming the field.
 */
export const createImplementer = (log: Logger) =>
  implement(contract).use(async ({ next, path }) => {
    try {
      return await next();
    } catch (error) {
      if (error instanceof ORPCError) throw error;
      const failure = toAppError(error);
      if (failure.code === 'app.internal') log.error('handler failed', { path: path.join('.'), error });
      throw toContractError(failure);
    }
  });

export type Implementer = ReturnType<typeof createImplementer>;

/** A stream of a handler, with the same error border as its call. */
export async function* guardStream<Item>(stream: AsyncIterable<Item>): AsyncGenerator<Item, void, void> {
  try {
    yield* stream;
  } catch (error) {
    throw toContractError(toAppError(error));
  }
}

/** oRPC leaves the signal out where a transport has none; such a call is simply never aborted. */
export const signalOf = (signal: AbortSignal | undefined): AbortSignal =>
  signal ?? new AbortController().signal;
