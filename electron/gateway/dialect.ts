import type { AppError } from '../../shared/errors/app-error.ts';

/** What all routes of one public API have in common: the shape of errors and of streams. */
export interface Dialect {
  /** A second header with the request's id, where clients of this API look for it. */
  readonly requestIdHeader?: string;
  /** The body of a failed request. `requestId` is what `x-request-id` says. */
  errorBody(error: AppError, requestId: string): unknown;
  readonly stream: {
    readonly contentType: string;
    /** Says that the stream lives; `undefined` where clients could not read it. */
    readonly heartbeat: string | undefined;
    /** The last event of a stream that failed. */
    error(body: unknown): string;
  };
}

export const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** A comment: clients ignore it, proxies and sockets stay awake. */
export const HEARTBEAT = ': waiting\n\n';

/** An `error` event, and nothing follows. */
export const encodeErrorEvent = (body: unknown): string => `event: error\ndata: ${JSON.stringify(body)}\n\n`;
