import { AppError } from '../../../shared/errors/app-error.ts';
import type { Exchange } from '../exchange.ts';

/** A client that takes nothing of what waits for it for so long is gone, whatever its socket says. */
const STALL_MS = 30_000;

/**
 * Looks after one call, about once a second: ends it at its deadline, and drops a client that stopped reading. Progress
 * is bytes taken, so a slow reader is not a stalled one.
 */
export const createClientWatch = (exchange: Exchange, deadlineMs: number): ((nowMs: number) => void) => {
  let taken = -1;
  let takenAtMs = 0;
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
    const takenNow = exchange.reply.takenBytes();
    if (exchange.reply.bufferedBytes() === 0 || takenNow !== taken) {
      taken = takenNow;
      takenAtMs = nowMs;
    } else if (nowMs - takenAtMs >= STALL_MS) {
      exchange.abort(new AppError('app.cancelled', `The client read nothing for ${STALL_MS / 1000} s.`));
      exchange.reply.destroy();
    }
  };
};
