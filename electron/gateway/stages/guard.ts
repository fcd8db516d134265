import { AppError } from '../../../shared/errors/app-error.ts';
import type { RequestHead } from '../http-exchange.ts';

export interface GuardPolicy {
  /** `host:port` in lower case. Anything else is a foreign name that resolves here (DNS rebinding). */
  readonly allowedHosts: ReadonlySet<string>;
  /** Exact origins of web pages that may call; empty by default. Never a wildcard. */
  readonly allowedOrigins: ReadonlySet<string>;
  readonly maxBodyBytes: number;
  /** The next step of who called by another name. */
  readonly hostHint: string;
  /** The next step of a web page that is not on the list. */
  readonly originHint: string;
}

/** What the `Host` header of a server at `port` may be; clients leave the port of the scheme out. */
export const hostsAt = (names: readonly string[], port: number, schemePort: 80 | 443): readonly string[] => [
  ...names.map((name) => `${name}:${port}`),
  ...(port === schemePort ? names : []),
];

/** What programs of this machine may call. */
export const loopbackPolicy = (
  port: number,
  {
    maxBodyBytes,
    allowedOrigins = [],
  }: { readonly maxBodyBytes: number; readonly allowedOrigins?: readonly string[] },
): GuardPolicy => ({
  allowedHosts: new Set(hostsAt(['127.0.0.1', 'localhost', '[::1]'], port, 80)),
  allowedOrigins: new Set(allowedOrigins),
  maxBodyBytes,
  hostHint: `Call the server as http://127.0.0.1:${port}.`,
  originHint: 'Call it from a program, or from the Dyno window.',
});

const checkHost = ({ headers, hostCount }: RequestHead, policy: GuardPolicy): void => {
  const host = headers['host'];
  if (hostCount === 1 && host !== undefined && policy.allowedHosts.has(host.toLowerCase())) return;
  throw new AppError(
    'gateway.host-not-allowed',
    hostCount > 1
      ? 'The request has more than one Host header.'
      : `The Host header names ${host ?? 'nothing'}.`,
    { hint: policy.hostHint },
  );
};

const checkOrigin = ({ headers }: RequestHead, policy: GuardPolicy): string | undefined => {
  const origin = headers['origin'];
  if (origin === undefined || policy.allowedOrigins.has(origin)) return origin;
  throw new AppError('gateway.origin-not-allowed', `Web pages of ${origin} may not call this server.`, {
    hint: policy.originHint,
  });
};

/**
 * `application/json` cannot be sent across origins without a preflight, so demanding it stops simple-request CSRF.
 * A compressed body is refused too: its true size is unknown until it is unpacked.
 */
const checkBody = ({ method, headers }: RequestHead, policy: GuardPolicy): void => {
  if (method !== 'POST') return;
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\s*(;\s*charset="?utf-?8"?\s*)?$/iu.test(type)) {
    throw new AppError(
      'gateway.unsupported-media-type',
      `The Content-Type is ${type === '' ? 'missing' : type}.`,
      {
        hint: 'Send Content-Type: application/json.',
      },
    );
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new AppError(
      'gateway.unsupported-media-type',
      `The Content-Encoding ${encoding} is not accepted.`,
      {
        hint: 'Send the body without compression.',
      },
    );
  }
  if (Number(headers['content-length'] ?? 0) > policy.maxBodyBytes) throw bodyTooLarge(policy.maxBodyBytes);
};

/** The refusal of a body past the limit, whether announced or found while reading. */
export const bodyTooLarge = (maxBodyBytes: number): AppError =>
  new AppError('gateway.payload-too-large', `The body is larger than ${maxBodyBytes} bytes.`, {
    hint: 'Send a shorter prompt.',
  });

/**
 * First stage: may this request be looked at? Reads the head only, so a refusal costs no memory for the body.
 * Returns the origin of an allowed web page, which the reply must name.
 * @throws AppError `gateway.host-not-allowed`, `gateway.origin-not-allowed`, `gateway.unsupported-media-type`,
 *   `gateway.payload-too-large`
 */
export const guard = (head: RequestHead, policy: GuardPolicy): { readonly origin: string | undefined } => {
  checkHost(head, policy);
  const origin = checkOrigin(head, policy);
  checkBody(head, policy);
  return { origin };
};
