import { networkInterfaces } from 'node:os';

/**
 * An address of this machine that is not the loopback one a server listens on by default, and, where there is such,
 * none that another machine can reach: all of 127.0.0.0/8 on Linux, the first of an interface elsewhere.
 */
export const otherAddress = (): string => {
  if (process.platform === 'linux') return '127.0.0.2';
  const found = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4');
  return found?.address ?? '127.0.0.1';
};

/** Addresses of this machine on a network; none on a machine without one. */
export const outerAddresses = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
    .map(({ address }) => address);
