import { AppError } from '../../../shared/errors/app-error.ts';
import { addressBytes } from '../../../shared/units/address-bytes.ts';
import type { NetworkAddress } from '../../platform/ports.ts';

/** Loopback is served anyway, and link-local addresses mean nothing without their interface. */
const isReachable = ({ address, isInternal }: NetworkAddress): boolean =>
  !isInternal && !/^fe[89ab]/iu.test(address);

/** The rest of 127.0.0.0/8: opened for a try, it is reached by this machine alone. */
const isSpareLoopback = (address: string): boolean => address.startsWith('127.') && address !== '127.0.0.1';

const sameAddress = (a: string, b: string): boolean =>
  Buffer.compare(addressBytes(a) ?? Buffer.from(a), addressBytes(b) ?? Buffer.from(b)) === 0;

/** The addresses other machines can reach this one by. */
export const reachableAddresses = (machine: readonly NetworkAddress[]): readonly NetworkAddress[] =>
  machine.filter(isReachable);

/**
 * The addresses to listen on: `0.0.0.0` and `::` stand for those of the moment, so that each is known by name and no
 * address is answered that nobody chose.
 * @throws AppError `app.bad-input` for one that this machine does not have, or when none is left
 */
export const listenAddresses = (
  wished: readonly string[],
  machine: readonly NetworkAddress[],
): readonly string[] => {
  const reachable = reachableAddresses(machine);
  const found = wished.flatMap((address) => {
    if (address === '0.0.0.0')
      return reachable.filter(({ family }) => family === 'IPv4').map((each) => each.address);
    if (addressBytes(address)?.every((byte) => byte === 0) === true)
      return reachable.map((each) => each.address);
    const own = reachable.find((each) => sameAddress(each.address, address));
    if (own !== undefined) return [own.address];
    if (isSpareLoopback(address)) return [address];
    throw new AppError('app.bad-input', `${address} is no address other machines reach this one by.`, {
      hint: `It has ${reachable.map((each) => each.address).join(', ') || 'none'}; 127.0.0.1 and ::1 are always served.`,
    });
  });
  if (found.length === 0) {
    throw new AppError('app.bad-input', 'This machine has no such address on a network.', {
      hint: 'Connect it to a network first, or name an address with --listen.',
    });
  }
  return [...new Set(found)];
};
