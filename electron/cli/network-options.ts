import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { networkInputSchema, type NetworkInput, type TlsChoice } from '../../shared/contract/network.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { collect } from './key-options.ts';

export interface NetworkOptions {
  readonly listen: readonly string[];
  readonly host: readonly string[];
  readonly origin: readonly string[];
  readonly tls?: 'self-signed' | 'none';
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

export const addNetworkOptions = (command: Command): Command =>
  command
    .option(
      '--listen <address>',
      'opens it to the network: an address of this machine, 0.0.0.0 or ::; may be repeated',
      collect,
      [],
    )
    .option(
      '--host <name>',
      'name by which clients call, besides the addresses; may be repeated',
      collect,
      [],
    )
    .option(
      '--origin <origin>',
      'web page that may call, as https://app.example; may be repeated',
      collect,
      [],
    )
    .addOption(
      new Option(
        '--tls <how>',
        'a certificate of its own, unless told otherwise; none: keys in clear',
      ).choices(['self-signed', 'none']),
    )
    .option('--tls-cert <file>', 'certificate as PEM, with --tls-key')
    .option('--tls-key <file>', 'its private key as PEM');

const badInput = (message: string, hint: string): AppError =>
  new AppError('app.bad-input', message, { hint });

const tlsOf = ({ tls, tlsCert, tlsKey }: NetworkOptions): TlsChoice => {
  if (tlsCert === undefined && tlsKey === undefined) return { type: tls === 'none' ? 'none' : 'selfSigned' };
  if (tls !== undefined)
    throw badInput(`--tls ${tls} does not go with certificate files.`, 'Leave one of them out.');
  if (tlsCert === undefined || tlsKey === undefined) {
    throw badInput('A certificate needs its private key.', 'Give both --tls-cert and --tls-key.');
  }
  return { type: 'files', certPath: resolve(tlsCert), keyPath: resolve(tlsKey) };
};

/**
 * What the network is let in by; `undefined` without --listen, and for the loopback addresses, which are always served.
 * @throws AppError `app.bad-input`
 */
export const readNetworkOptions = (options: NetworkOptions): NetworkInput | undefined => {
  const isLoopback = (address: string): boolean => ['127.0.0.1', '::1', 'localhost'].includes(address);
  const addresses = options.listen.filter((address) => !isLoopback(address));
  if (addresses.length === 0) {
    const { host, origin, tls, tlsCert, tlsKey } = options;
    const isMeant = [...host, ...origin, tls, tlsCert, tlsKey].some((each) => each !== undefined);
    if (!isMeant) return undefined;
    throw badInput(
      '--host, --origin and --tls are for a server that is open to the network.',
      'Add --listen ADDRESS.',
    );
  }
  const read = networkInputSchema.safeParse({
    addresses,
    hosts: options.host,
    origins: options.origin,
    tls: tlsOf(options),
  });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const [field, index] = issue?.path ?? [];
  const given = { addresses, hosts: options.host, origins: options.origin };
  const flags = { addresses: '--listen', hosts: '--host', origins: '--origin' };
  const isField = field === 'addresses' || field === 'hosts' || field === 'origins';
  const value = isField && typeof index === 'number' ? ` ${given[field][index] ?? ''}` : '';
  throw badInput(
    `${isField ? flags[field] : 'The network'}${value} cannot be used.`,
    `Give ${issue?.message ?? ''}.`,
  );
};
