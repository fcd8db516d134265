import { describe, expect, it } from 'vitest';
import { listenAddresses } from '../../../../electron/gateway/network/listen-addresses.ts';
import {
  certificateNames,
  networkPolicy,
  networkUrls,
} from '../../../../electron/gateway/network/network-policy.ts';
import type { NetworkAddress } from '../../../../electron/platform/ports.ts';
import { networkInputSchema } from '../../../../shared/contract/network.ts';

const machine: readonly NetworkAddress[] = [
  { interfaceName: 'lo', address: '127.0.0.1', family: 'IPv4', isInternal: true },
  { interfaceName: 'lo', address: '::1', family: 'IPv6', isInternal: true },
  { interfaceName: 'eth0', address: '192.168.1.5', family: 'IPv4', isInternal: false },
  { interfaceName: 'eth0', address: 'fd00::2', family: 'IPv6', isInternal: false },
  { interfaceName: 'eth0', address: 'fe80::1', family: 'IPv6', isInternal: false },
];

describe('the addresses to listen on', () => {
  it.each([
    [['0.0.0.0'], ['192.168.1.5']],
    [['::'], ['192.168.1.5', 'fd00::2']],
    [
      ['fd00:0:0::0002', '192.168.1.5'],
      ['fd00::2', '192.168.1.5'],
    ],
    [
      ['0.0.0.0', '192.168.1.5', '127.0.0.2'],
      ['192.168.1.5', '127.0.0.2'],
    ],
  ])('are of %j %j', (wished, found) => {
    expect(listenAddresses(wished, machine)).toEqual(found);
  });

  it.each([['10.0.0.1'], ['127.0.0.1'], ['::1'], ['fe80::1']])('are never %s', (address) => {
    expect(() => listenAddresses([address], machine)).toThrow(
      expect.objectContaining({
        code: 'app.bad-input',
        hint: 'It has 192.168.1.5, fd00::2; 127.0.0.1 and ::1 are always served.',
      }),
    );
  });

  it('must be there: a machine without a network opens nothing', () => {
    expect(() => listenAddresses(['0.0.0.0'], machine.slice(0, 2))).toThrow(/no such address/u);
  });
});

describe('the names a server on the network answers to', () => {
  const names = {
    port: 7842,
    isTls: true,
    addresses: ['192.168.1.5', 'fd00::2'],
    hosts: ['mybox.local', 'dyno.example:443', '[fd00::9]:9000'],
  };

  it('are exactly those given and the addresses, each with its port', () => {
    const { allowedHosts, allowedOrigins } = networkPolicy(names, {
      origins: ['https://app.example'],
      maxBodyBytes: 1,
    });
    expect([...allowedHosts]).toEqual([
      'mybox.local:7842',
      'dyno.example:443',
      'dyno.example',
      '[fd00::9]:9000',
      '192.168.1.5:7842',
      '[fd00::2]:7842',
    ]);
    expect([...allowedOrigins]).toEqual(['https://app.example']);
  });

  it('become the addresses that clients are given, and those the certificate is made out to', () => {
    expect(networkUrls(names)).toEqual([
      'https://mybox.local:7842/v1',
      'https://dyno.example/v1',
      'https://[fd00::9]:9000/v1',
      'https://192.168.1.5:7842/v1',
      'https://[fd00::2]:7842/v1',
    ]);
    expect(certificateNames(names)).toEqual([
      'mybox.local',
      'dyno.example',
      'fd00::9',
      '192.168.1.5',
      'fd00::2',
    ]);
  });

  it.each([
    { hosts: ['*'] },
    { hosts: ['*.example'] },
    { hosts: ['https://mybox.local'] },
    { hosts: ['mybox.local/v1'] },
    { hosts: [''] },
    { origins: ['*'] },
    { origins: ['null'] },
    { origins: ['https://app.example/'] },
    { origins: ['https://*.example/x'] },
    { origins: ['file://'] },
    { addresses: ['mybox.local'] },
    { addresses: [] },
    { tls: { type: 'files', certPath: '/a' } },
  ])('are refused as %j', (wrong) => {
    expect(networkInputSchema.safeParse({ addresses: ['0.0.0.0'], ...wrong }).success).toBe(false);
  });

  it('are taken in any case, with a certificate of its own unless told otherwise', () => {
    expect(networkInputSchema.parse({ addresses: ['0.0.0.0'], hosts: ['MyBox.local:443'] })).toEqual({
      addresses: ['0.0.0.0'],
      hosts: ['mybox.local:443'],
      origins: [],
      tls: { type: 'selfSigned' },
    });
  });
});
