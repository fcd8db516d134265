import type { RequestHead, Responder } from '../http-exchange.ts';

const readable = [
  'x-request-id',
  'request-id',
  'retry-after',
  'x-dyno-key-expires',
  'x-dyno-key-warning',
  'x-dyno-warning',
  'x-dyno-degraded',
  'x-dyno-cache',
  'x-dyno-recorded',
  'x-dyno-stream-id',
  'ratelimit',
  'ratelimit-policy',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
  'x-ratelimit-limit-tokens',
  'x-ratelimit-remaining-tokens',
  'x-ratelimit-reset-tokens',
].join(', ');

const sendable = [
  'authorization',
  'content-type',
  'x-api-key',
  'anthropic-version',
  'anthropic-beta',
  'anthropic-dangerous-direct-browser-access',
  'x-dyno-resumable',
  'x-dyno-degrade',
  'last-event-id',
];
/** OpenAI's and Anthropic's clients say with every request what they are; nothing reads it here. */
const STAINLESS = /^x-stainless-[a-z-]+$/u;

/** What the page may send: those that mean something here, and those of what it asks for that mean nothing. */
const allowedHeaders = (asked = ''): string =>
  [
    ...sendable,
    ...asked.split(',').flatMap((part) => {
      const name = part.trim().toLowerCase();
      return STAINLESS.test(name) ? [name] : [];
    }),
  ].join(', ');

/**
 * Tells an allowed web page what it may send and read. Returns true when that was all that was asked.
 * @param origin as the guard let it in
 */
export const answerCors = (head: RequestHead, origin: string | undefined, reply: Responder): boolean => {
  if (origin === undefined) return false;
  reply.header('access-control-allow-origin', origin);
  reply.header('access-control-expose-headers', readable);
  reply.header('vary', 'Origin');
  if (head.method !== 'OPTIONS') return false;
  reply.header('access-control-allow-methods', 'GET, POST');
  const asked = head.headers['access-control-request-headers'];
  reply.header('access-control-allow-headers', allowedHeaders(asked));
  reply.json(204, undefined);
  return true;
};
