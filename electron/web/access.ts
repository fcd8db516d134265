import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may use the browser mode: one random token per host process, loopback names only, no foreign page. */

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares in constant time, whatever the lengths. */
export const isToken = (presented: string | undefined, token: string): boolean =>
  presented !== undefined && timingSafeEqual(digest(presented), digest(token));

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** True for `127.0.0.1:PORT`, `localhost:PORT`, `[::1]:PORT`: anything else is a rebound DNS name. */
export const isOwnHost = (header: string | undefined, port: number): boolean => {
  if (header === undefined) return false;
  const match = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(header);
  return match?.[1] !== undefined && loopbackNames.has(match[1].toLowerCase()) && Number(match[2]) === port;
};

/** A request without Origin is no page; with one, it must be ours. */
export const isOwnOrigin = (header: string | undefined, port: number): boolean => {
  if (header === undefined) return true;
  const match = /^http:\/\/(.+)$/.exec(header);
  return match !== null && isOwnHost(match[1], port);
};

/**
 * WebSocket subprotocols carry the secret, for browsers cannot set headers there and a query string would end in logs:
 * `dyno, dyno.token.<token>` or `dyno, dyno.key.<api key>`.
 */
export const secretsOfSubprotocol = (header: string | undefined): readonly string[] =>
  (header ?? '').split(',').flatMap((part) => /^dyno\.(?:token|key)\.(.+)$/u.exec(part.trim())?.[1] ?? []);

export const tokenOfBearer = (header: string | undefined): string | undefined =>
  /^Bearer (.+)$/i.exec(header ?? '')?.[1];
