import { addressBytes } from './address-bytes.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/**
 * Whom a remote address stands for when strangers are counted: one IPv4 address, or the 64-bit network of an IPv6 one,
 * within which a host may take any number of addresses (RFC 8981).
 */
export const addressGroup = (remote: string): string => {
  const bytes = addressBytes(remote.split('%')[0] ?? '');
  if (bytes === undefined || bytes.byteLength === 4) return remote;
  const isMapped = hex(bytes.subarray(0, 12)) === '00000000000000000000ffff';
  return isMapped ? bytes.subarray(12).join('.') : `${hex(bytes.subarray(0, 8))}/64`;
};
