import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import type { Principal } from './auth/principal.ts';
import type { Dialect } from './dialect.ts';
import { dialects } from './dialects.ts';
import type { Responder } from './http-exchange.ts';
import type { CallRoute } from './public-routes.ts';
import type { RequestRecord } from './request-table.ts';

/** One call from the end of its head to the last byte of its reply. */
export interface Exchange {
  readonly id: string;
  readonly route: CallRoute;
  /** Of the route: how errors and streams are written. */
  readonly dialect: Dialect;
  readonly principal: Principal;
  readonly reply: Responder;
  readonly record: RequestRecord;
  /** True where the client wants no lesser answer, however long it waits. */
  readonly refusesDegradation: boolean;
  /** On the monotonic clock. */
  readonly arrivedMs: number;
  /** Aborts when the client goes away, the owner cancels, a deadline passes or the server stops. */
  readonly signal: AbortSignal;
  /** Ends the call with `error`; the first one counts. */
  abort(error: AppError): void;
  /** Throws what the call was aborted with, if it was. */
  throwIfAborted(): void;
}

export const createExchange = (
  given: Pick<
    Exchange,
    'id' | 'route' | 'principal' | 'reply' | 'record' | 'refusesDegradation' | 'arrivedMs'
  >,
): Exchange => {
  const controller = new AbortController();
  return {
    id: given.id,
    route: given.route,
    dialect: dialects[given.route.dialect],
    principal: given.principal,
    reply: given.reply,
    record: given.record,
    refusesDegradation: given.refusesDegradation,
    arrivedMs: given.arrivedMs,
    signal: controller.signal,
    abort: (error) => controller.abort(error),
    throwIfAborted: () => {
      if (controller.signal.aborted) throw toAppError(controller.signal.reason);
    },
  };
};

/** What a call ends with when its client hung up: nobody is left to read it. */
export const clientWentAway = (): AppError =>
  new AppError('app.cancelled', 'The client closed the connection.');
