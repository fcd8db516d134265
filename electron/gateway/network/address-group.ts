import { addressBytes, ipv4Of } from '../../../shared/units/address-bytes.ts';

/**
 * Whom a remote address stands for when strangers are counted: one IPv4 address, or the 64-bit network of an IPv6 one,
 * within which a host may take any number of addresses (RFC 8981).
 */
export const addressGroup = (remote: string): string => {
  const bytes = addressBytes(remote.split('%')[0] ?? '');
  if (bytes === undefined) return remote;
  return ipv4Of(bytes) ?? `${Buffer.from(bytes.subarray(0, 8)).toString('hex')}/64`;
};
