import { expect, it } from 'vitest';
import { reachOf } from '../../../electron/platform/node/address-reach.ts';

it.each([
  ['8.8.8.8', 'public'],
  ['100.63.255.255', 'public'],
  ['2606:4700:4700::1111', 'public'],
  ['::ffff:8.8.8.8', 'public'],
  ['127.0.0.1', 'private'],
  ['127.255.255.254', 'private'],
  ['10.1.2.3', 'private'],
  ['100.64.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.10', 'private'],
  ['::1', 'private'],
  ['fd12:3456::1', 'private'],
  ['::ffff:127.0.0.1', 'private'],
  ['::ffff:7f00:1', 'private'],
  ['0:0:0:0:0:ffff:7f00:1', 'private'],
  ['::ffff:169.254.169.254', 'never'],
  ['::ffff:a9fe:a9fe', 'never'],
  ['169.254.169.254', 'never'],
  ['0.0.0.0', 'never'],
  ['::', 'never'],
  ['224.0.0.1', 'never'],
  ['255.255.255.255', 'never'],
  ['fe80::1', 'never'],
  ['ff02::1', 'never'],
  ['64:ff9b::7f00:1', 'never'],
  ['2002:7f00:1::', 'never'],
  ['2001::7f00:1', 'never'],
  ['2001:db8::1', 'never'],
  ['::127.0.0.1', 'never'],
  ['fe80::1%eth0', 'never'],
  ['0x7f000001', 'never'],
  ['', 'never'],
])('%s reaches: %s', (address, reach) => {
  expect(reachOf(address)).toBe(reach);
});
