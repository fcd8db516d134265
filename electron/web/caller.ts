import type { IncomingHttpHeaders } from 'node:http';
import { hostActor, type Actor } from '../app/access/actor.ts';
import type { App } from '../app/create-app.ts';
import { isToken, secretsOfSubprotocol, tokenOfBearer } from './access.ts';

/**
 * Who calls: the holder of this host's token, or of an API key, which may do what its role allows. Every carrier goes
 * through here, and all that a request uses must name the same caller. The address is never looked at.
 * @returns `undefined` for nobody we know
 * @throws AppError `gateway.key-expired`, `gateway.invalid-api-key` for a key that was good once
 */
export const callerOf = (
  headers: IncomingHttpHeaders,
  { token, keys }: { readonly token: string; readonly keys: App['keys'] },
): Actor | undefined => {
  const apiKey = headers['x-api-key'];
  const carried = [
    tokenOfBearer(headers.authorization),
    ...(apiKey === undefined ? [] : [apiKey].flat()),
    ...secretsOfSubprotocol(headers['sec-websocket-protocol']),
  ].filter((secret) => secret !== undefined);
  const [presented] = carried;
  if (presented === undefined || carried.some((secret) => secret !== presented)) return undefined;
  if (isToken(presented, token)) return hostActor;
  const principal = keys.verify(presented);
  return principal === undefined ? undefined : { type: 'key', principal };
};
