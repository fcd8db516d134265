import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../shared/contract/index.ts';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import { errorRow } from '../../shared/errors/table.ts';
import type { Logger } from '../platform/ports.ts';
import { checkPermission, presentActor, type Actor } from './access/actor.ts';
import { permissionOfProcedure } from './procedure-permissions.ts';
import { readIssues } from './refused-input.ts';

/** An `AppError` in the contract's form: code, message, hint and details cross; the cause stays in the log. */
const toContractError = (error: AppError): ORPCError<string, unknown> =>
  new ORPCError(error.code, {
    status: errorRow(error.code).http,
    message: error.message,
    data: { hint: error.hint, details: error.details },
    defined: true,
  });

const isOrpcError = (error: unknown): error is ORPCError<string, unknown> => error instanceof ORPCError;

const readFailure = (error: unknown): AppError => {
  if (!isOrpcError(error)) return toAppError(error);
  const refused = error.code === 'BAD_REQUEST' ? readIssues(error.data) : undefined;
  // oRPC's other errors tell that an answer does not have the form the contract promises
  return refused ?? new AppError('app.internal', error.message, { cause: error });
};

/** Whatever was thrown, as a row of the error table; what is no row yet is logged, for its cause does not cross. */
const atBorder = (error: unknown, path: string, log: Logger): ORPCError<string, unknown> => {
  const failure = readFailure(error);
  if (failure.code === 'app.internal') log.error('a call failed', { path, error });
  return toContractError(failure);
};

/** What a transport tells of each call: who makes it. */
export interface CallContext {
  readonly actor: Actor;
}

/** @throws AppError `gateway.insufficient-permissions` */
const authorize = (actor: Actor, path: readonly string[]): void => {
  const needed = permissionOfProcedure(path);
  if (needed === undefined) {
    throw new AppError('gateway.insufficient-permissions', `Nobody may call ${path.join('.')}.`);
  }
  checkPermission(actor, needed);
};

/**
 * The contract's implementer with one door, which asks whether the caller may, and one error border: whatever a handler throws, the client gets a row of the error table.
 * A refused input becomes `app.bad-input` naming the field.
 */
export const createImplementer = (log: Logger) =>
  implement(contract)
    .$context<CallContext>()
    .use(async ({ context, next, path }) => {
      try {
        const actor = presentActor(context.actor);
        authorize(actor, path);
        return await next({ context: { actor, guard: guardStream(log, path.join('.')) } });
      } catch (error) {
        throw atBorder(error, path.join('.'), log);
      }
    });

export type Implementer = ReturnType<typeof createImplementer>;

/** Wraps a handler's stream, so that what it throws midway crosses the same border as what a call throws. */
const guardStream = (log: Logger, path: string) =>
  async function* <Item>(stream: AsyncIterable<Item>): AsyncGenerator<Item, void, void> {
    try {
      yield* stream;
    } catch (error) {
      throw atBorder(error, path, log);
    }
  };

/** oRPC leaves the signal out where a transport has none; such a call is simply never aborted. */
export const signalOf = (signal: AbortSignal | undefined): AbortSignal =>
  signal ?? new AbortController().signal;
