import { AppError } from '../../../shared/errors/app-error.ts';
import type { Random } from '../../platform/ports.ts';
import { EVENT_STREAM } from '../dialect.ts';
import type { Responder } from '../http-exchange.ts';
import { createStallWatch } from '../limits/watch-client.ts';
import type { Ticker } from '../ticker.ts';
import { createResumableReply, type ResumableReply } from './resumable-reply.ts';

/** So long an answer goes on without a reader, and so long an ended one can be read again. */
const KEPT_MS = 60_000;
/** Of one key, the oldest forgotten first. */
const MAX_PER_KEY = 32;

export interface StreamRegistry extends Disposable {
  /**
   * A reply others may go on reading, under the id that its header `x-dyno-stream-id` tells.
   * @param onLost called when nobody came back for a minute
   */
  open(keyId: string, reply: Responder, onLost: () => void): Responder;
  /**
   * Goes on with a stream of that key.
   * @param lastEventId number of the last event the client has; all that are kept when it is `undefined`
   * @throws AppError `gateway.stream-not-found`, also for a stream of another key
   */
  resume(keyId: string, streamId: string, lastEventId: string | undefined, reader: Responder): void;
}

interface Entry {
  readonly keyId: string;
  readonly stream: ResumableReply;
  readonly onLost: () => void;
  /** When it was last read or written to an end; on the monotonic clock, `undefined` while it is read. */
  idleSinceMs: number | undefined;
}

const notFound = (): AppError =>
  new AppError('gateway.stream-not-found', 'There is no such stream of this key.', {
    hint: 'Streams are kept for a minute: send the request again.',
  });

/** Streams that can be gone on with. Ids are 192 random bits, and of no use to another key. */
export const createStreamRegistry = (ports: {
  readonly random: Random;
  readonly ticker: Ticker;
}): StreamRegistry => {
  const entries = new Map<string, Entry>();

  const tick = (nowMs: number): void => {
    for (const [id, entry] of entries) {
      if (!entry.stream.isAbandoned() && !entry.stream.hasEnded()) {
        entry.idleSinceMs = undefined;
        continue;
      }
      entry.idleSinceMs ??= nowMs;
      if (nowMs - entry.idleSinceMs < KEPT_MS) continue;
      entries.delete(id);
      if (!entry.stream.hasEnded()) entry.onLost();
    }
  };
  const ticking = ports.ticker.add(tick);

  /** Makes room by forgetting what has ended; one that is in work is never cut off for another. */
  const forgetOldest = (keyId: string): void => {
    const own = [...entries].filter(([, entry]) => entry.keyId === keyId);
    const ended = own.find(([, entry]) => entry.stream.hasEnded());
    if (own.length >= MAX_PER_KEY && ended !== undefined) entries.delete(ended[0]);
  };

  return {
    open: (keyId, reply, onLost) => {
      forgetOldest(keyId);
      const id = `strm_${Buffer.from(ports.random.bytes(24)).toString('base64url')}`;
      reply.header('x-dyno-stream-id', id);
      const stream = createResumableReply(reply, EVENT_STREAM);
      entries.set(id, { keyId, stream, onLost, idleSinceMs: undefined });
      return stream.reply;
    },
    resume: (keyId, streamId, lastEventId, reader) => {
      const entry = entries.get(streamId);
      if (entry?.keyId !== keyId) throw notFound();
      const number = lastEventId === undefined || lastEventId === '' ? undefined : Number(lastEventId);
      if (number !== undefined && (!Number.isSafeInteger(number) || number < 0)) {
        throw new AppError('gateway.invalid-value', `Last-Event-ID is ${lastEventId ?? ''}.`, {
          hint: 'Send the id of the last event that arrived.',
          details: { param: 'last-event-id' },
        });
      }
      entry.stream.attach(reader, number);
      // Of a stream in work its call looks after the reader; of an ended one nobody else does.
      if (!entry.stream.hasEnded()) return;
      const watch = ports.ticker.add(createStallWatch(reader, () => reader.destroy()));
      void reader.drained().then(() => watch[Symbol.dispose]());
    },
    [Symbol.dispose]: () => ticking[Symbol.dispose](),
  };
};
