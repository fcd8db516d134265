import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { Outbound, OutboundRequest } from '../ports.ts';
import { reachOf, type AddressReach } from './address-reach.ts';

interface Address {
  readonly address: string;
  readonly family: number;
}

interface Options {
  /** Every address of a name. */
  readonly resolve?: (host: string) => Promise<readonly Address[]>;
  readonly reachOf?: (address: string) => AddressReach;
}

const MOST_REDIRECTS = 3;
const MOST_REPLY_BYTES = 65_536;

const refuse = (message: string, hint: string): AppError =>
  new AppError('outbound.address-not-allowed', message, { hint });

/** Rejects once nobody waits any more: a resolver cannot be called off. */
const calledOff = (signal: AbortSignal): Promise<never> => {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
};

/** What may be asked for at all: the scheme, and no name or password in the address. */
const readTarget = (text: string): URL => {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw refuse('Only http and https addresses are asked.', 'Give an address as https://example.org/hook.');
  }
  if (url.username !== '' || url.password !== '') {
    throw refuse('The address holds a name or a password.', 'Leave out what stands before the @.');
  }
  return url;
};

const bodyOf = async (reply: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of reply) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.length;
    if (bytes > MOST_REPLY_BYTES) {
      reply.destroy();
      break; // what is wanted of a reply is its status
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/**
 * The one way out to an address that somebody gave. The name is resolved once, every address of it is looked at, and
 * the socket is opened to one that was: a name that resolves to something else a moment later changes nothing. Numbers in
 * odd forms (`0x7f.1`, `2130706433`) are addresses to the URL parser and looked at as such. Each redirect goes through the
 * same door; those that would turn a POST into a GET are not followed.
 */
export const createNodeOutbound = (options: Options = {}): Outbound => {
  const resolve = options.resolve ?? ((host: string) => lookup(host, { all: true }));
  const reach = options.reachOf ?? reachOf;

  /** `localhost` is this machine whatever a resolver says (RFC 6761). */
  const addressesOf = (host: string): Promise<readonly Address[]> =>
    /(?:^|\.)localhost\.?$/u.test(host)
      ? Promise.resolve([{ address: '127.0.0.1', family: 4 }])
      : resolve(host);

  /** The address to open the socket to. @throws AppError `outbound.address-not-allowed` */
  const pin = async (url: URL, allowsPrivate: boolean): Promise<Address> => {
    const host = url.hostname.replace(/^\[|\]$/gu, '');
    const family = isIP(host);
    const addresses = family === 0 ? await addressesOf(host) : [{ address: host, family }];
    for (const { address } of addresses) {
      const found = reach(address);
      if (found === 'public' || (found === 'private' && allowsPrivate)) continue;
      throw refuse(
        `${url.host} is ${address}, which is ${found === 'private' ? 'on this machine or its network' : 'no address to send anything to'}.`,
        found === 'private'
          ? 'Allow addresses of your own network, if that is what you mean.'
          : 'Give another address.',
      );
    }
    const [first] = addresses;
    if (first === undefined) throw new AppError('outbound.failed', `${url.host} has no address.`);
    return first;
  };

  const send = async (url: URL, { address, family }: Address, wish: OutboundRequest) => {
    const { promise, resolve: answer, reject } = Promise.withResolvers<IncomingMessage>();
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const call = request(url, {
      method: 'POST',
      headers: { ...wish.headers, 'content-length': Buffer.byteLength(wish.body) },
      signal: wish.signal,
      agent: false,
      // the socket goes where was looked, whatever the name says by now
      lookup: (_host, asked, told) => {
        if (asked.all === true) told(null, [{ address, family }]);
        else told(null, address, family);
      },
    });
    call.on('response', answer);
    call.on('error', reject);
    call.end(wish.body);
    const reply = await promise;
    return { status: reply.statusCode ?? 0, location: reply.headers.location, text: await bodyOf(reply) };
  };

  const post = async (
    text: string,
    wish: OutboundRequest,
    redirects: number,
  ): Promise<{ readonly status: number; readonly text: string }> => {
    const url = readTarget(text);
    const address = await Promise.race([pin(url, wish.allowsPrivate), calledOff(wish.signal)]);
    const reply = await send(url, address, wish);
    const isRedirect = reply.location !== undefined && [307, 308].includes(reply.status);
    if (!isRedirect || reply.location === undefined) return { status: reply.status, text: reply.text };
    if (redirects === MOST_REDIRECTS) {
      throw new AppError('outbound.failed', `${url.host} redirects more than ${MOST_REDIRECTS} times.`);
    }
    return post(new URL(reply.location, url).href, wish, redirects + 1);
  };

  return {
    post: async (url, wish) => {
      try {
        return await post(url, wish, 0);
      } catch (cause) {
        if (wish.signal.aborted) throw toAppError(wish.signal.reason);
        if (cause instanceof AppError) throw cause;
        throw new AppError('outbound.failed', cause instanceof Error ? cause.message : undefined, {
          cause,
          hint: 'Check the address and the network.',
        });
      }
    },
  };
};
