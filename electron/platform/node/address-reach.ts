import { BlockList } from 'node:net';
import { addressBytes, ipv4Of } from '../../../shared/units/address-bytes.ts';

/** How far an address reaches: anyone, this machine and its network, or nothing that a request should ever be sent to. */
export type AddressReach = 'public' | 'private' | 'never';

const listOf = (type: 'ipv4' | 'ipv6', subnets: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/');
    list.addSubnet(network, Number(bits), type);
  }
  return list;
};

// IANA's registries of special-purpose addresses (RFC 6890 and its updates), October 2025
const own4 = listOf('ipv4', [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
]);
const never4 = listOf('ipv4', [
  '0.0.0.0/8',
  '169.254.0.0/16', // link-local: the metadata of clouds lies there
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]);
const own6 = listOf('ipv6', ['::1/128', 'fc00::/7']);
const global6 = listOf('ipv6', ['2000::/3']);
/** Within 2000::/3: protocol assignments, Teredo, documentation, and 6to4, which carries any IPv4 address. */
const never6 = listOf('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/** @param address as a resolver gives it: dotted IPv4, or IPv6 without brackets; one with a zone is of a link, and never asked */
export const reachOf = (address: string): AddressReach => {
  const bytes = addressBytes(address);
  if (bytes === undefined) return 'never';
  const ipv4 = ipv4Of(bytes);
  if (ipv4 !== undefined) {
    if (never4.check(ipv4)) return 'never';
    return own4.check(ipv4) ? 'private' : 'public';
  }
  if (own6.check(address, 'ipv6')) return 'private';
  return global6.check(address, 'ipv6') && !never6.check(address, 'ipv6') ? 'public' : 'never';
};
