import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { Principal, VerifyKey } from '../auth/principal.ts';
import type { RequestHead } from '../http-exchange.ts';
import type { FailureLimiter } from '../network/failure-limiter.ts';
import { authenticate } from './authenticate.ts';

const isBadKey = (error: unknown): boolean =>
  ['gateway.invalid-api-key', 'gateway.key-expired'].includes(toAppError(error).code);

/**
 * Authenticates, with two more walls for who comes over the network: whoever failed too often waits, before a key is
 * looked at, and an owner's key, which may do everything, is not taken from there. Programs of this machine share one
 * address and one owner, and pass by both.
 * @throws AppError `gateway.invalid-api-key`, `gateway.key-expired`, `gateway.rate-limited`,
 *   `gateway.insufficient-permissions`
 */
export const identify = (
  head: RequestHead,
  { verify, failures }: { readonly verify: VerifyKey; readonly failures: FailureLimiter },
): Principal => {
  const { caller } = head;
  if (caller.reach === 'loopback') return authenticate(head, verify);
  failures.check(caller.address);
  let principal: Principal;
  try {
    principal = authenticate(head, verify);
  } catch (error) {
    if (isBadKey(error)) failures.failed(caller.address);
    throw error;
  }
  if (!principal.reachesAllTenants) return principal;
  throw new AppError('gateway.insufficient-permissions', "An owner's key is not taken from the network.", {
    hint: 'Use a key of your own: dyno keys create NAME makes one.',
  });
};
