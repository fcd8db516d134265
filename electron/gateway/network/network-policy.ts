import { hostsAt, type GuardPolicy } from '../stages/guard.ts';

/** How other machines may call: by the addresses that are listened on and by the names that were given. */
interface NetworkNames {
  readonly port: number;
  readonly isTls: boolean;
  /** As they are bound, IPv6 without brackets. */
  readonly addresses: readonly string[];
  /** Names, with a port where clients see another one. */
  readonly hosts: readonly string[];
}

/** An address as it stands in a URL. */
const inUrl = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** A name and the port behind it; `[fd00::2]:443` has one, `[fd00::2]` none. */
const splitHost = (host: string): { readonly name: string; readonly port: number | undefined } => {
  const port = /:(\d+)$/u.exec(host.replace(/^\[.*\]/u, (bracketed) => bracketed.replaceAll(':', '_')))?.[1];
  return port === undefined
    ? { name: host, port: undefined }
    : { name: host.slice(0, -port.length - 1), port: Number(port) };
};

const callsOf = ({ port, addresses, hosts }: NetworkNames) => [
  ...hosts.map(splitHost).map(({ name, port: own = port }) => ({ name, port: own })),
  ...addresses.map((address) => ({ name: inUrl(address), port })),
];

/** What requests from the network may name; nothing but what was given, and never a wildcard. */
export const networkPolicy = (
  names: NetworkNames,
  { origins, maxBodyBytes }: { readonly origins: readonly string[]; readonly maxBodyBytes: number },
): GuardPolicy => ({
  allowedHosts: new Set(
    callsOf(names).flatMap(({ name, port }) => hostsAt([name], port, names.isTls ? 443 : 80)),
  ),
  allowedOrigins: new Set(origins),
  maxBodyBytes,
  hostHint: 'Whoever opened the server adds a name with --host NAME, or on the Server page.',
  originHint: 'Whoever opened the server adds a web page with --origin https://…, or on the Server page.',
});

/** Base addresses with `/v1`, the names first. */
export const networkUrls = (names: NetworkNames): readonly string[] => [
  ...new Set(
    callsOf(names).map(({ name, port }) => {
      const url = new URL(`${names.isTls ? 'https' : 'http'}://${name}:${port}/v1`);
      return url.href;
    }),
  ),
];

/** The names and addresses a certificate must be made out to, IPv6 without brackets. */
export const certificateNames = ({ addresses, hosts }: Pick<NetworkNames, 'addresses' | 'hosts'>) => [
  ...new Set([...hosts.map((host) => splitHost(host).name.replace(/^\[|\]$/gu, '')), ...addresses]),
];
