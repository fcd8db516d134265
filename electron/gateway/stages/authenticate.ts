import { AppError } from '../../../shared/errors/app-error.ts';
import type { Principal, VerifyKey } from '../auth/principal.ts';
import type { RequestHead } from '../http-exchange.ts';

/** Longer than any key of ours: what is longer is not hashed. */
const MAX_PRESENTED_LENGTH = 512;

const bearerOf = (authorization: string | undefined): string | undefined =>
  authorization === undefined ? undefined : (/^Bearer +(\S+) *$/iu.exec(authorization)?.[1] ?? '');

const refuse = (message: string): AppError =>
  new AppError('gateway.invalid-api-key', message, {
    hint: 'Send the key of the Server page as Authorization: Bearer <key>; dyno serve --json prints it.',
  });

/**
 * Second stage: whose key is it? Both carriers (`Authorization: Bearer`, `x-api-key`) go through the same check; a
 * request that carries both must mean the same key with both. A key in the address is never read.
 * @throws AppError `gateway.invalid-api-key`
 */
export const authenticate = ({ headers }: RequestHead, verifyKey: VerifyKey): Principal => {
  const carried = [bearerOf(headers['authorization']), headers['x-api-key']].filter(
    (key) => key !== undefined,
  );
  const [presented] = carried;
  if (presented === undefined || presented === '') throw refuse('The request carries no API key.');
  if (carried.some((key) => key !== presented)) throw refuse('The request carries two different API keys.');
  const principal = presented.length > MAX_PRESENTED_LENGTH ? undefined : verifyKey(presented);
  if (principal === undefined) throw refuse('This API key is not known here.');
  return principal;
};
