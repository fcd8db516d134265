import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../ports.ts';

/** The machine's clocks. `monotonicMs` is the OS monotonic clock, so it compares across our processes. */
export const createNodeClock = (): Clock => ({
  nowMs: () => Date.now(),
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (cause) {
      throw new AppError('app.cancelled', undefined, { cause });
    }
  },
  every: (ms, act) => {
    const timer = setInterval(act, ms);
    timer.unref();
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
});
