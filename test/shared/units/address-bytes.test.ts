import { describe, expect, it } from 'vitest';
import { addressBytes, ipv4Of } from '../../../shared/units/address-bytes.ts';

describe('an address', () => {
  it.each([
    '127.1',
    '0x7f000001',
    '256.0.0.1',
    '1::2::3',
    '1:2:3:4:5:6:7',
    ':::',
    '1.2.3.4::',
    '1:1.2.3.4::1',
    'fd00::2%eth0',
    'mybox',
    '',
  ])('is none where it is spelled %j', (text) => {
    expect(addressBytes(text)).toBeUndefined();
  });

  it('has the bytes that its network sends', () => {
    expect([...(addressBytes('fd00::1:2') ?? [])]).toEqual([
      0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2,
    ]);
    expect([...(addressBytes('::ffff:1.2.3.4') ?? [])].slice(10)).toEqual([255, 255, 1, 2, 3, 4]);
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['0:0:0:0:0:FFFF:7f00:1', '127.0.0.1'],
    ['::127.0.0.1', undefined],
    ['64:ff9b::7f00:1', undefined],
    ['::1', undefined],
  ])('%s is to a socket the IPv4 address %s', (text, ipv4) => {
    expect(ipv4Of(addressBytes(text) ?? new Uint8Array(0))).toBe(ipv4);
  });
});
