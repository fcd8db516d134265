import { AppError } from '../../../shared/errors/app-error.ts';
import type { Exchange } from '../exchange.ts';
import type { Responder } from '../http-exchange.ts';

/** A client that takes nothing of what waits for it for so long is gone, whatever its socket says. */
const STALL_MS = 30_000;

/**
 * Looks after one reply, about once a second: `onStalled` is called once its client has taken nothing for 30 s of what
 * waits for it. Progress is bytes taken, so a slow reader is not a stalled one.
 */
export const createStallWatch = (
  reply: Pick<Responder, 'bufferedBytes' | 'takenBytes'>,
  onStalled: () => void,
): ((nowMs: number) => void) => {
  let taken = -1;
  let takenAtMs = 0;
  return (nowMs) => {
    const takenNow = reply.takenBytes();
    if (reply.bufferedBytes() === 0 || takenNow !== taken) {
      taken = takenNow;
      takenAtMs = nowMs;
    } else if (nowMs - takenAtMs >= STALL_MS) onStalled();
  };
};

/** Looks after one call, about once a second: ends it at its deadline, and drops a client that stopped reading. */
export const createClientWatch = (exchange: Exchange, deadlineMs: number): ((nowMs: number) => void) => {
  const lookForStall = createStallWatch(exchange.reply, () => {
    exchange.abort(new AppError('app.cancelled', `The client read nothing for ${STALL_MS / 1000} s.`));
    exchange.reply.destroy();
  });
  return (nowMs) => {
    if (nowMs - exchange.arrivedMs >= deadlineMs) {
      exchange.abort(
        new AppError(
          'gateway.deadline-exceeded',
          `The request took longer than ${Math.round(deadlineMs / 1000)} s.`,
          {
            hint: 'Ask for fewer tokens.',
          },
        ),
      );
    }
    lookForStall(nowMs);
  };
};
