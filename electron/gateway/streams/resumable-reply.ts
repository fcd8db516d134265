import { AppError } from '../../../shared/errors/app-error.ts';
import { encodeErrorEvent } from '../dialect.ts';
import type { Responder } from '../http-exchange.ts';
import { createStreamRing } from './stream-ring.ts';

export interface ResumableReply {
  /** What the stages write to, whoever reads. */
  readonly reply: Responder;
  /**
   * Writes all events after that number, or all that are kept, and then what comes. The reader before, if there is one, is cut off.
   * @throws AppError `gateway.stream-not-found` when they are no longer kept, or were never numbered
   */
  attach(reader: Responder, afterNumber: number | undefined): void;
  /** Nobody reads, and the answer goes on. */
  isAbandoned(): boolean;
  hasEnded(): boolean;
}

/**
 * A reply that outlives its reader: its events are numbered and kept, and another reader may go on where one broke off.
 * While nobody reads, nothing is held back.
 * @param first who sent the request; has the headers
 */
export const createResumableReply = (first: Responder, contentType: string): ResumableReply => {
  const ring = createStreamRing();
  let reader: Responder | undefined;
  let isResumable = false;
  let hasStarted = false;
  let hasEnded = false;

  const take = (next: Responder): void => {
    reader = next;
    next.onGone(() => {
      if (reader === next) reader = undefined;
    });
  };
  take(first);

  return {
    reply: {
      hasStarted: () => hasStarted,
      header: first.header,
      headersAtStart: first.headersAtStart,
      json: (status, body) => {
        if (hasStarted) return;
        hasStarted = true;
        hasEnded = true;
        isResumable = true;
        // Who comes back for it reads it as an event of its stream.
        const written = ring.push(status < 400 ? `data: ${JSON.stringify(body)}` : encodeErrorEvent(body));
        first.json(status, body);
        if (reader === undefined || reader === first) return;
        reader.write(written);
        reader.end();
      },
      text: first.text,
      startStream: (type) => {
        hasStarted = true;
        isResumable = type === contentType;
        first.startStream(type);
      },
      write: (text) => {
        const written = isResumable ? ring.push(text) : text;
        reader?.write(written);
      },
      bufferedBytes: () => reader?.bufferedBytes() ?? 0,
      takenBytes: () => reader?.takenBytes() ?? 0,
      drained: () => reader?.drained() ?? Promise.resolve(),
      end: () => {
        hasEnded = true;
        reader?.end();
      },
      destroy: () => reader?.destroy(),
      onGone: () => undefined,
    },
    attach: (next, afterNumber) => {
      if (hasStarted && !isResumable) {
        throw new AppError('gateway.stream-not-found', 'This reply is no stream of server-sent events.', {
          hint: 'Send the request again.',
        });
      }
      const missed = ring.after(afterNumber);
      reader?.destroy();
      take(next);
      next.startStream(contentType);
      for (const { text } of missed) next.write(text);
      if (hasEnded) next.end();
    },
    isAbandoned: () => reader === undefined && !hasEnded,
    hasEnded: () => hasEnded,
  };
};
