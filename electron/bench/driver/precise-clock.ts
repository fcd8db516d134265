import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';

/** Timers fire up to a millisecond early or late, so the rest is waited for in turns of the event loop. */
const restMs = 2;

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * A clock whose `sleep` ends within about 0.1 ms of its time on an idle loop; sockets are served in between. Costs up to
 * 2 ms of a core per sleep.
 */
export const createPreciseClock = (clock: Clock): Clock => ({
  ...clock,
  sleep: async (ms, signal) => {
    const untilMs = clock.monotonicMs() + ms;
    if (ms > restMs) await clock.sleep(ms - restMs, signal);
    while (clock.monotonicMs() < untilMs) {
      if (signal?.aborted === true) throw new AppError('app.cancelled', undefined, { cause: signal.reason });
      await turnOfLoop();
    }
  },
});
