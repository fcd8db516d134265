import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock, Logger } from '../../platform/ports.ts';

/** Failures at once before an address waits, and how often it may fail from then on. */
const BURST = 10;
const INTERVAL_MS = 6000;
/** Addresses that are remembered; about 0.5 MiB. */
const MAX_ADDRESSES = 4096;

/** Keeps strangers from trying keys: what an address failed is paid back evenly, one failure every 6 s. */
export interface FailureLimiter {
  /** @throws AppError `gateway.rate-limited` for an address that failed too often, until one more try is due */
  check(address: string): void;
  failed(address: string): void;
}

interface Debt {
  /** When everything is paid back. */
  readonly untilMs: number;
  /** The owner has been told of this row of failures. */
  readonly isTold: boolean;
}

/** How long an address with this debt waits for its next try; at most 0: not at all. */
const waitMsOf = (untilMs: number, nowMs: number): number => untilMs - nowMs - (BURST - 1) * INTERVAL_MS;

/** GCRA with the failures alone as cost: a good key pays nothing, so it is never slowed by its own requests. */
export const createFailureLimiter = ({
  clock,
  log,
}: {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Pick<Logger, 'warn'>;
}): FailureLimiter => {
  /** The address that failed last is the last. */
  const debts = new Map<string, Debt>();
  return {
    check: (address) => {
      const waitMs = waitMsOf(debts.get(address)?.untilMs ?? 0, clock.monotonicMs());
      if (waitMs <= 0) return;
      const retryAfterSeconds = Math.ceil(waitMs / 1000);
      throw new AppError('gateway.rate-limited', 'Too many requests of this address had no good key.', {
        hint: `Try again in ${retryAfterSeconds} s, with a key that is good.`,
        details: {
          retryAfterSeconds,
          scope: 'address',
          resource: 'failed_authentications',
          limit: BURST,
          used: BURST,
          resetsInSeconds: retryAfterSeconds,
        },
      });
    },
    failed: (address) => {
      const nowMs = clock.monotonicMs();
      const before = debts.get(address) ?? { untilMs: 0, isTold: false };
      const untilMs = Math.max(before.untilMs, nowMs) + INTERVAL_MS;
      const isTold = before.isTold && before.untilMs > nowMs;
      const mustWait = waitMsOf(untilMs, nowMs) > 0;
      // once for a row of failures, however long: a stranger must not fill the log
      if (mustWait && !isTold) log.warn('an address waits: too many requests had no good key', { address });
      debts.delete(address);
      const [oldest] = debts.keys();
      if (debts.size >= MAX_ADDRESSES && oldest !== undefined) debts.delete(oldest);
      debts.set(address, { untilMs, isTold: isTold || mustWait });
    },
  };
};
