import type { Clock } from '../platform/ports.ts';

/** One timer for all calls: a timer each would cost more than what it watches for. */
export interface Ticker extends Disposable {
  /** Calls `act` about once a second with the monotonic time, until disposed. */
  add(act: (nowMs: number) => void): Disposable;
}

const PERIOD_MS = 1000;

export const createTicker = (clock: Clock): Ticker => {
  const acts = new Set<(nowMs: number) => void>();
  const timer = clock.every(PERIOD_MS, () => {
    const nowMs = clock.monotonicMs();
    for (const act of acts) act(nowMs);
  });
  return {
    add: (act) => {
      acts.add(act);
      return { [Symbol.dispose]: () => void acts.delete(act) };
    },
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
};
