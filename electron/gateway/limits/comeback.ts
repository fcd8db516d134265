import { hash } from 'node:crypto';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { errorHead } from '../error-head.ts';
import type { Exchange } from '../exchange.ts';
import { toldError } from '../told-error.ts';
import type { KeptPromise, PromiseBook, Promised } from './promise-book.ts';

/** One call and the promises of its key. Disposing it ends the promise it was let in by, if it was. */
export interface Comeback extends Disposable {
  /**
   * Asked where the call would be refused: when it was refused before, on the monotonic clock, if it comes back as told.
   * Then it waits instead. The first time uses the promise up; the call keeps it.
   */
  refusedAtMs(): number | undefined;
  /** The call is refused. What its reply says of coming back is promised. @param places of the queue that it needs */
  refused(error: AppError, places: number): void;
}

export const createComeback = (
  book: PromiseBook,
  { principal, route, reply }: Pick<Exchange, 'principal' | 'route' | 'reply'>,
  body: Uint8Array,
): Comeback => {
  let kept: KeptPromise | undefined;
  // only the refused pay for the digest
  let promised: Promised | undefined;
  const self = (): Promised =>
    (promised ??= {
      keyId: principal.keyId,
      request: `${route.path} ${hash('sha256', body, 'base64url')}`,
    });
  return {
    refusedAtMs: () => (kept ??= book.take(self()))?.refusedAtMs,
    refused: (error, places) => {
      if (reply.hasStarted()) return; // an error inside a stream has no headers
      const seconds = Number(errorHead(toldError(error)).headers['retry-after']);
      if (seconds > 0) book.make(self(), { waitMs: seconds * 1000, places, bytes: body.byteLength });
    },
    [Symbol.dispose]: () => kept?.[Symbol.dispose](),
  };
};
