import { resolve } from 'node:path';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import {
  addNetworkOptions,
  readNetworkOptions,
  type NetworkOptions,
} from '../../../electron/cli/network-options.ts';

const read = (...flags: readonly string[]) =>
  readNetworkOptions(addNetworkOptions(new Command()).parse(flags, { from: 'user' }).opts<NetworkOptions>());

it('opens nothing without --listen, nor for the addresses that are served anyway', () => {
  expect(read()).toBeUndefined();
  expect(read('--listen', '127.0.0.1', '--listen', '::1')).toBeUndefined();
});

it('reads names, web pages and the certificate', () => {
  const listen = ['--listen', '0.0.0.0'];
  expect(read(...listen, '--host', 'MyBox.local', '--origin', 'https://app.example')).toEqual({
    addresses: ['0.0.0.0'],
    hosts: ['mybox.local'],
    origins: ['https://app.example'],
    tls: { type: 'selfSigned' },
  });
  expect(read(...listen, '--tls', 'none')?.tls).toEqual({ type: 'none' });
  expect(read(...listen, '--tls-cert', 'a.pem', '--tls-key', 'b.pem')?.tls).toEqual({
    type: 'files',
    certPath: resolve('a.pem'),
    keyPath: resolve('b.pem'),
  });
});

it.each([
  [['--host', 'mybox.local'], /open to the network/u],
  [['--tls', 'none'], /open to the network/u],
  [['--listen', '0.0.0.0', '--host', '*'], /^--host \* cannot be used/u],
  [['--listen', '0.0.0.0', '--origin', '*'], /^--origin \* cannot be used/u],
  [['--listen', 'mybox'], /^--listen mybox cannot be used/u],
  [['--listen', '0.0.0.0', '--tls-cert', 'a'], /needs its private key/u],
  [['--listen', '0.0.0.0', '--tls', 'none', '--tls-cert', 'a', '--tls-key', 'b'], /does not go with/u],
])('refuses %j', (flags, says) => {
  expect(() => read(...flags)).toThrow(expect.objectContaining({ code: 'app.bad-input' }));
  expect(() => read(...flags)).toThrow(says);
});
