import { z } from 'zod';

/** Opening the server to the network: never by default, never kept over a restart of the server. */

const addressSchema = z.union([z.ipv4(), z.ipv6().toLowerCase()], {
  error: 'an IPv4 or IPv6 address of this machine, 0.0.0.0 or ::',
});

/** A DNS name or an address, IPv6 in brackets, and a port where clients see another one than the server's. */
const hostSchema = z
  .string()
  .max(262)
  .regex(
    /^(?:\[[\da-f:.]+\]|[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*)(?::\d{1,5})?$/iu,
    {
      error:
        'a name or an address as it stands in the address line, e.g. mybox.local or [fd00::2]; no wildcard',
    },
  )
  .toLowerCase();

const isOrigin = (text: string): boolean =>
  /^https?:/u.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** As a browser sends it. */
const originSchema = z
  .string()
  .max(262)
  .refine(isOrigin, { error: 'scheme, host and port of a web page, e.g. https://app.example; no wildcard' });

export const tlsChoiceSchema = z.discriminatedUnion('type', [
  /** A certificate this machine makes for itself. */
  z.object({ type: z.literal('selfSigned') }),
  /** PEM files; the first certificate of a chain is the server's. */
  z.object({ type: z.literal('files'), certPath: z.string().min(1), keyPath: z.string().min(1) }),
  /** Keys and prompts travel in clear: only where asked for by name. */
  z.object({ type: z.literal('none') }),
]);
export type TlsChoice = z.infer<typeof tlsChoiceSchema>;

export const networkInputSchema = z.object({
  /** `0.0.0.0`: every IPv4 address of this machine, `::`: every address; those of the moment. */
  addresses: z.array(addressSchema).min(1).max(32),
  /** Names by which clients call, besides the addresses; any other `Host` is refused. */
  hosts: z.array(hostSchema).max(32).default([]),
  /** Web pages that may call. */
  origins: z.array(originSchema).max(32).default([]),
  tls: tlsChoiceSchema.default({ type: 'selfSigned' }),
});
export type NetworkInput = z.output<typeof networkInputSchema>;

/** Who can reach a server: the programs of this machine, or others too. */
export const listenSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('loopback') }),
  networkInputSchema.extend({ type: z.literal('network') }),
]);

export const certificateSchema = z.object({
  /** What clients are given, on this machine. */
  certPath: z.string(),
  /** SHA-256 of the certificate, in pairs of digits with colons between. */
  fingerprint: z.string(),
  endsAtMs: z.number(),
});
export type Certificate = z.infer<typeof certificateSchema>;

export const networkStatusSchema = z.object({
  port: z.number().int(),
  /** Base addresses with `/v1`: the names first, then the addresses. */
  urls: z.array(z.string()),
  addresses: z.array(z.string()),
  hosts: z.array(z.string()),
  origins: z.array(z.string()),
  tls: z.discriminatedUnion('type', [
    z.object({ type: z.literal('none') }),
    certificateSchema.extend({ type: z.literal('selfSigned') }),
    certificateSchema.extend({ type: z.literal('files') }),
  ]),
  /** What a client will stumble over, in sentences. */
  warnings: z.array(z.string()),
  sinceMs: z.number(),
});
export type NetworkStatus = z.infer<typeof networkStatusSchema>;

/** What there is to choose from before the server is opened. */
export const networkChoicesSchema = z.object({
  addresses: z.array(
    z.object({ address: z.string(), family: z.enum(['IPv4', 'IPv6']), interfaceName: z.string() }),
  ),
  /** Of this machine, as other machines may know it. */
  hostName: z.string(),
  /** Keys but the owner's that open the server; it is opened to nobody. */
  keys: z.number().int(),
  /** What it was opened to last, while this host runs; nothing opens by it alone. */
  last: networkInputSchema.nullable(),
});
export type NetworkChoices = z.infer<typeof networkChoicesSchema>;

/** The certificate this machine made for itself, to be given to clients. */
export const certificateFileSchema = certificateSchema.extend({ certPem: z.string() });
export type CertificateFile = z.infer<typeof certificateFileSchema>;
