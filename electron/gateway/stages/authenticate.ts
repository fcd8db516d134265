import { AppError } from '../../../shared/errors/app-error.ts';
import type { Principal, VerifyKey } from '../auth/principal.ts';
import type { RequestHead, Responder } from '../http-exchange.ts';

/** Longer than any key of ours: what is longer is not hashed. */
const MAX_PRESENTED_LENGTH = 512;

const bearerOf = (authorization: string | undefined): string | undefined =>
  authorization === undefined ? undefined : (/^Bearer +(\S+) *$/iu.exec(authorization)?.[1] ?? '');

/** Browsers cannot set headers of a WebSocket; OpenAI's clients put the key into a subprotocol of this name. */
const PROTOCOL_PREFIX = 'openai-insecure-api-key.';

const protocolKeysOf = (protocols: string | undefined): readonly string[] =>
  (protocols ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(PROTOCOL_PREFIX))
    .map((part) => part.slice(PROTOCOL_PREFIX.length));

const refuse = (message: string): AppError =>
  new AppError('gateway.invalid-api-key', message, {
    hint: 'Send a key as Authorization: Bearer <key>: the Server page and dyno keys create make one.',
  });

/**
 * Second stage: whose key is it? Every carrier (`Authorization: Bearer`, `x-api-key`, the subprotocol of a WebSocket)
 * goes through the same check; a request that uses several must mean the same key with all. A key in the address is
 * never read.
 * @throws AppError `gateway.invalid-api-key`, `gateway.key-expired`
 */
export const authenticate = ({ headers }: RequestHead, verifyKey: VerifyKey): Principal => {
  const carried = [
    bearerOf(headers['authorization']),
    headers['x-api-key'],
    ...protocolKeysOf(headers['sec-websocket-protocol']),
  ].filter((key) => key !== undefined);
  const [presented] = carried;
  if (presented === undefined || presented === '') throw refuse('The request carries no API key.');
  if (carried.some((key) => key !== presented)) throw refuse('The request carries different API keys.');
  const principal = presented.length > MAX_PRESENTED_LENGTH ? undefined : verifyKey(presented);
  if (principal === undefined) throw refuse('This API key is not known here.');
  return principal;
};

/** What every reply to a key says when it ends soon. */
export const noticeHeaders = ({ notice }: Principal): Readonly<Record<string, string>> =>
  notice === undefined
    ? {}
    : {
        'x-dyno-key-expires': new Date(notice.endsAtMs).toISOString(),
        'x-dyno-key-warning': notice.text,
      };

/** Says on every reply when the key ends, if that is soon. */
export const tellNotice = (reply: Responder, principal: Principal): void => {
  for (const [name, value] of Object.entries(noticeHeaders(principal))) reply.header(name, value);
};
