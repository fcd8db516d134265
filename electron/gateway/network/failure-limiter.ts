import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';

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

/** GCRA with the failures alone as cost: a good key pays nothing, so it is never slowed by its own requests. */
export const createFailureLimiter = (clock: Pick<Clock, 'monotonicMs'>): FailureLimiter => {
  /** When each address has paid back everything; the one that failed last is the last. */
  const paidBackAtMs = new Map<string, number>();
  return {
    check: (address) => {
      const waitMs = (paidBackAtMs.get(address) ?? 0) - clock.monotonicMs() - (BURST - 1) * INTERVAL_MS;
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
      const before = paidBackAtMs.get(address) ?? 0;
      paidBackAtMs.delete(address);
      const [oldest] = paidBackAtMs.keys();
      if (paidBackAtMs.size >= MAX_ADDRESSES && oldest !== undefined) paidBackAtMs.delete(oldest);
      paidBackAtMs.set(address, Math.max(before, nowMs) + INTERVAL_MS);
    },
  };
};
