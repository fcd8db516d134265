import type { AppError } from '../../shared/errors/app-error.ts';
import type { Clock } from '../platform/ports.ts';
import type { Exchange } from './exchange.ts';

/** The calls in work: each from its body to the last byte of its reply. */
export interface ActiveAnswers {
  /** Has the call among them until `ended` settles, and settles as that does. */
  keep(exchange: Exchange, ended: Promise<void>): Promise<void>;
  exchanges(): readonly Exchange[];
  /** Ends those that `errorOf` gives an error for. Resolves once they have ended, at the latest after `withinMs`. */
  end(errorOf: (exchange: Exchange) => AppError | undefined, withinMs: number): Promise<void>;
  /** Resolves once all that are in work now have ended, at the latest after `withinMs`. */
  settled(withinMs: number): Promise<void>;
}

export const createActiveAnswers = (clock: Pick<Clock, 'sleep'>): ActiveAnswers => {
  const active = new Map<Exchange, Promise<void>>();

  /** Waits for all of them, but no longer than this. */
  const untilAll = async (acts: readonly Promise<void>[], withinMs: number): Promise<void> => {
    if (acts.length === 0) return;
    const timer = new AbortController();
    // a sleep rejects only when it is cut short, which is done below once nobody waits for it
    const timeout = clock.sleep(withinMs, timer.signal).catch(() => undefined);
    await Promise.race([Promise.allSettled(acts), timeout]);
    timer.abort();
  };

  return {
    keep: async (exchange, ended) => {
      active.set(exchange, ended);
      try {
        await ended;
      } finally {
        active.delete(exchange);
      }
    },
    exchanges: () => [...active.keys()],
    end: (errorOf, withinMs) => {
      const ending = [...active].flatMap(([exchange, ended]) => {
        const error = errorOf(exchange);
        if (error === undefined) return [];
        exchange.abort(error);
        return [ended];
      });
      return untilAll(ending, withinMs);
    },
    settled: (withinMs) => untilAll([...active.values()], withinMs),
  };
};
