import type { Clock } from '../../electron/platform/ports.ts';
import { AppError } from '../../shared/errors/app-error.ts';

export interface FakeClock extends Clock {
  /** Moves time on by `ms`, firing what falls due in order and letting promises settle after each firing. */
  advance(ms: number): Promise<void>;
  /** Jumps from timer to timer until `promise` settles, and gives its value. Rejects when no timer is left to fire. */
  runUntil<T>(promise: Promise<T>): Promise<T>;
  /** Timers that wait: sleepers and repeaters. */
  pendingTimers(): number;
}

interface Timer {
  dueMs: number;
  readonly order: number;
  readonly fire: () => void;
}

interface FakeClockOptions {
  /** Wall clock at the start; 2026-01-01T00:00:00Z unless given. */
  readonly wallMs?: number;
  readonly monotonicMs?: number;
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Virtual time: nothing moves until the test says so. */
export const createFakeClock = (options: FakeClockOptions = {}): FakeClock => {
  const startWallMs = options.wallMs ?? Date.UTC(2026, 0, 1);
  const startMonotonicMs = options.monotonicMs ?? 1_000;
  const timers = new Set<Timer>();
  let elapsedMs = 0;
  let order = 0;

  const add = (ms: number, fire: () => void): Timer => {
    const timer = { dueMs: elapsedMs + Math.max(0, ms), order: order++, fire };
    timers.add(timer);
    return timer;
  };

  const nextTimer = (): Timer | undefined =>
    [...timers].sort((a, b) => a.dueMs - b.dueMs || a.order - b.order).at(0);

  const fire = async (timer: Timer): Promise<void> => {
    elapsedMs = Math.max(elapsedMs, timer.dueMs);
    timer.fire();
    await settle();
  };

  return {
    nowMs: () => startWallMs + elapsedMs,
    monotonicMs: () => startMonotonicMs + elapsedMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const cancel = () => {
          timers.delete(timer);
          reject(new AppError('app.cancelled', undefined, { cause: signal?.reason }));
        };
        const timer = add(ms, () => {
          timers.delete(timer);
          signal?.removeEventListener('abort', cancel);
          resolve();
        });
        if (signal?.aborted === true) cancel();
        else signal?.addEventListener('abort', cancel, { once: true });
      }),
    every: (ms, act) => {
      const timer = add(ms, () => {
        timer.dueMs += Math.max(1, ms);
        act();
      });
      return { [Symbol.dispose]: () => void timers.delete(timer) };
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms;
      await settle();
      for (let timer = nextTimer(); timer !== undefined && timer.dueMs <= untilMs; timer = nextTimer()) {
        await fire(timer);
      }
      elapsedMs = untilMs;
    },
    async runUntil(promise) {
      const seen = { isSettled: false };
      const mark = () => {
        seen.isSettled = true;
      };
      promise.then(mark, mark);
      for (let idleTurns = 0; idleTurns < 200; idleTurns += 1) {
        await settle();
        if (seen.isSettled) return await promise;
        const timer = nextTimer();
        if (timer === undefined) continue;
        await fire(timer);
        idleTurns = 0;
      }
      throw new Error('The promise did not settle, and no timer is left that could make it.');
    },
    pendingTimers: () => timers.size,
  };
};
