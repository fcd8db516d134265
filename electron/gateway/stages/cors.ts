import type { RequestHead, Responder } from '../http-exchange.ts';

/**
 * Tells an allowed web page what it may send and read. Returns true when that was all that was asked.
 * @param origin as the guard let it in
 */
export const answerCors = (head: RequestHead, origin: string | undefined, reply: Responder): boolean => {
  if (origin === undefined) return false;
  reply.header('access-control-allow-origin', origin);
  reply.header(
    'access-control-expose-headers',
    'x-request-id, retry-after, x-dyno-key-expires, x-dyno-key-warning, x-dyno-warning, x-dyno-stream-id, ' +
      'ratelimit, ratelimit-policy, x-ratelimit-limit-requests, x-ratelimit-remaining-requests, ' +
      'x-ratelimit-reset-requests, x-ratelimit-limit-tokens, x-ratelimit-remaining-tokens, x-ratelimit-reset-tokens',
  );
  reply.header('vary', 'Origin');
  if (head.method !== 'OPTIONS') return false;
  reply.header('access-control-allow-methods', 'GET, POST');
  reply.header(
    'access-control-allow-headers',
    'authorization, content-type, x-api-key, anthropic-version, x-dyno-resumable, last-event-id',
  );
  reply.json(204, undefined);
  return true;
};
