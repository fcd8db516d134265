import { describe, expect, it } from 'vitest';
import { addressGroup } from '../../../../electron/gateway/network/address-group.ts';
import { createConnectionCap } from '../../../../electron/gateway/network/connection-cap.ts';
import { createFailureLimiter } from '../../../../electron/gateway/network/failure-limiter.ts';
import { identify } from '../../../../electron/gateway/stages/identify.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { createPrincipal } from '../../../support/principal.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

describe('a remote address', () => {
  it.each([
    ['192.168.1.5', '192.168.1.5'],
    ['::ffff:192.168.1.5', '192.168.1.5'],
    ['2001:db8:1:2:3:4:5:6', '20010db800010002/64'],
    ['2001:db8:1:2::', '20010db800010002/64'],
    ['fe80::1%eth0', 'fe80000000000000/64'],
    ['', ''],
  ])('%j counts as %j', (remote, group) => {
    expect(addressGroup(remote)).toBe(group);
  });
});

describe('the limiter of failed keys', () => {
  const codeOf = (act: () => unknown): unknown => {
    try {
      act();
    } catch (error) {
      return error instanceof AppError ? error.code : error;
    }
    return 'let in';
  };
  const refused = 'gateway.rate-limited';

  it('lets ten failures through at once, then one every 6 s, and what it promises is true', async () => {
    const clock = createFakeClock();
    const limiter = createFailureLimiter({ clock, log: createFakeLog() });
    for (let each = 0; each < 10; each += 1) {
      limiter.check('a');
      limiter.failed('a');
    }
    expect(codeOf(() => limiter.check('a'))).toBe(refused);
    const told = await thrownBy(() => Promise.resolve().then(() => limiter.check('a')));
    expect(told.details).toMatchObject({ retryAfterSeconds: 6, scope: 'address', limit: 10 });
    expect(() => limiter.check('b')).not.toThrow();
    await clock.advance(5_999);
    expect(codeOf(() => limiter.check('a'))).toBe(refused);
    await clock.advance(1);
    expect(() => limiter.check('a')).not.toThrow();
    limiter.failed('a');
    expect(codeOf(() => limiter.check('a'))).toBe(refused);
  });

  it('tells the owner once of a row of failures, and of the next row again', async () => {
    const [clock, log] = [createFakeClock(), createFakeLog()];
    const limiter = createFailureLimiter({ clock, log });
    for (let each = 0; each < 30; each += 1) {
      limiter.failed('a');
      if (each >= 10) await clock.advance(6_000);
    }
    expect(log.lines).toMatchObject([{ fields: { address: 'a' } }]);
    await clock.advance(120_000);
    for (let each = 0; each < 10; each += 1) limiter.failed('a');
    expect(log.lines).toHaveLength(2);
  });

  it('forgets the address that failed longest ago once there are 4,096', () => {
    const limiter = createFailureLimiter({ clock: createFakeClock(), log: createFakeLog() });
    const fail = (address: string): void => {
      for (let each = 0; each < 10; each += 1) limiter.failed(address);
    };
    fail('first');
    for (let each = 0; each < 4094; each += 1) fail(`other ${each}`);
    fail('last');
    expect(codeOf(() => limiter.check('first'))).toBe(refused);
    fail('one more');
    expect(() => limiter.check('first')).not.toThrow();
    expect(codeOf(() => limiter.check('last'))).toBe(refused);
  });

  it('looks at no key of an address that waits, and never slows programs of this machine', () => {
    const failures = createFailureLimiter({ clock: createFakeClock(), log: createFakeLog() });
    const asked: string[] = [];
    const verify = (key: string) => {
      asked.push(key);
      return key === 'good' ? createPrincipal() : undefined;
    };
    const ask = (key: string, caller: Parameters<typeof identify>[0]['caller']) => () =>
      identify(
        { method: 'GET', path: '/v1/models', hostCount: 1, headers: { 'x-api-key': key }, caller },
        { verify, failures },
      );
    const stranger = { reach: 'network', address: '192.168.1.9' } as const;
    for (let each = 0; each < 10; each += 1) {
      expect(ask('bad', stranger)).toThrow(expect.objectContaining({ code: 'gateway.invalid-api-key' }));
    }
    asked.length = 0;
    expect(codeOf(ask('good', stranger))).toBe(refused);
    expect(asked).toEqual([]);
    expect(ask('good', { reach: 'network', address: '192.168.1.8' })).not.toThrow();
    for (let each = 0; each < 20; each += 1) {
      expect(ask('bad', { reach: 'loopback' })).toThrow(
        expect.objectContaining({ code: 'gateway.invalid-api-key' }),
      );
    }
  });
});

it('gives one address 128 connections and all together 1,024, and takes each back', () => {
  const cap = createConnectionCap();
  const enter = (address: string, times: number) =>
    Array.from({ length: times }, () => cap.enter(address)).filter(Boolean).length;
  expect(enter('a', 130)).toBe(128);
  expect(enter('b', 1)).toBe(1);
  cap.leave('a');
  expect(enter('a', 2)).toBe(1);
  for (let each = 0; each < 7; each += 1) enter(`more ${each}`, 128);
  expect(enter('last', 1)).toBe(0);
  cap.leave('b');
  expect(enter('last', 2)).toBe(1);
});
