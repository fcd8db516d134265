import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClaimLine } from '../../../../electron/gateway/limits/claim-line.ts';
import { createLimiter, type Reservation } from '../../../../electron/gateway/limits/limiter.ts';
import type {
  LimitResource,
  LimitRule,
  LimitScope,
} from '../../../../electron/gateway/limits/limit-rules.ts';

const rule = (scope: LimitScope, resource: LimitResource, limit: number): LimitRule => ({
  id: `${scope}/x/${resource}`,
  scope,
  resource,
  limit,
});
const createTime = () => {
  let ms = 5000;
  return { nowMs: () => 1e12 + ms, monotonicMs: () => ms, pass: (by: number) => void (ms += by) };
};
const open = (debts: Parameters<typeof createLimiter>[0]['debts'] = [], time = createTime()) => ({
  time,
  limiter: createLimiter({ clock: time, leaseMs: 100_000, debts }),
});
const wish = (promptTokens = 0, outputTokens = 0) => ({ promptTokens, outputTokens });
const held = (result: ReturnType<ReturnType<typeof createLimiter>['reserve']>): Reservation => {
  if (result.type === 'held') return result.reservation;
  throw new TypeError(`refused by ${result.by.rule.id}`);
};

describe('a limit', () => {
  it('lets a minute through at once, and tells the truth about when the next fits', () => {
    const { limiter, time } = open();
    const rules = [rule('key', 'requests', 10)];
    for (let each = 0; each < 10; each += 1) held(limiter.reserve(rules, wish()));
    const refused = limiter.reserve(rules, wish());
    expect(refused).toMatchObject({ type: 'refused', waitMs: 6000, by: { remaining: 0, resetMs: 60_000 } });
    time.pass(5999);
    expect(limiter.reserve(rules, wish()).type).toBe('refused');
    time.pass(1);
    expect(limiter.reserve(rules, wish()).type).toBe('held');
  });

  it('refuses for exactly as long as the last of all that block, whatever was used before', () => {
    const limits = record({ requests: integer({ min: 1, max: 50 }), tokens: integer({ min: 20, max: 500 }) });
    const used = array(
      record({ tokens: integer({ min: 1, max: 20 }), pauseMs: integer({ min: 0, max: 9000 }) }),
    );
    assert(
      property(limits, used, ({ requests, tokens }, history) => {
        const { limiter, time } = open();
        const rules = [rule('key', 'requests', requests), rule('tenant', 'tokens', tokens)];
        for (const each of history) {
          limiter.reserve(rules, wish(each.tokens));
          time.pass(each.pauseMs);
        }
        const refused = limiter.reserve(rules, wish(20));
        if (refused.type === 'held') return;
        time.pass(refused.waitMs - 0.01);
        expect(limiter.reserve(rules, wish(20)).type).toBe('refused');
        time.pass(0.011);
        expect(limiter.reserve(rules, wish(20)).type).toBe('held');
      }),
    );
  });

  it('tells a wait for a place that holds where requests differ in length', () => {
    const { limiter, time } = open();
    const rules = [rule('key', 'concurrency', 1)];
    for (let at = 0; at < 20; at += 1) {
      const one = held(limiter.reserve(rules, wish()));
      const refused = limiter.reserve(rules, wish());
      const tookMs = at % 2 === 0 ? 500 : 4000;
      // after the first two it has met both lengths
      if (at > 1) expect(refused.type === 'refused' && refused.waitMs > tookMs).toBe(true);
      time.pass(tookMs);
      one.settle(0);
    }
  });

  it('tells who is refused after another of a later moment, and sends nobody away for longer than a window by that', () => {
    const { limiter, time } = open();
    const rate = [rule('key', 'requests', 4)];
    const place = [rule('tenant', 'concurrency', 1)];
    for (let each = 0; each < 4; each += 1) held(limiter.reserve(rate, wish()));
    held(limiter.reserve(place, wish()));
    const told = (rules: readonly LimitRule[]): number => {
      const refused = limiter.reserve(rules, wish());
      if (refused.type === 'held') throw new TypeError('not refused');
      limiter.told(refused);
      return refused.waitMs;
    };
    expect(Array.from({ length: 5 }, () => told(rate))).toEqual([15_000, 30_000, 45_000, 60_000, 60_000]);
    const first = told(place);
    expect(told(place)).toBeGreaterThan(first);
    // what is past is forgotten, also with nobody asking
    time.pass(60_001);
    limiter.debts();
    held(limiter.reserve(rate, wish()));
  });

  it('keeps what those in line lack from who comes, but not from an answer that runs', () => {
    const time = createTime();
    const line = createClaimLine();
    const limiter = createLimiter({ clock: time, leaseMs: 100_000, line });
    const rules = [rule('key', 'tokens', 60)];
    const running = held(limiter.reserve(rules, wish(30, 10)));
    const claim = line.join('a');
    expect(limiter.reserve(rules, wish(30), claim).type).toBe('refused');
    expect(claim).toMatchObject({ bucket: 'key/x/tokens', units: 30 });
    expect(limiter.reserve(rules, wish(1))).toMatchObject({ type: 'refused', waitMs: 11_000 });
    expect(running.take(30)).toBe(true);
    running.settle(40);
    time.pass(10_000);
    expect(limiter.reserve(rules, wish(30), claim).type).toBe('held');
  });

  it('never charges more than was reserved', () => {
    const { limiter } = open();
    const rules = [rule('key', 'tokens', 100)];
    held(limiter.reserve(rules, wish(10, 10))).settle(90);
    expect(limiter.states(rules)[0]?.remaining).toBe(80);
  });

  it('burns nothing by a refusal, not even of the limits that had room', () => {
    const { limiter } = open();
    const rules = [
      rule('key', 'requests', 2),
      rule('tenant', 'tokens', 100),
      rule('server', 'concurrency', 1),
    ];
    const first = held(limiter.reserve(rules, wish(10, 10)));
    for (let each = 0; each < 5; each += 1) {
      expect(limiter.reserve(rules, wish(10, 10))).toMatchObject({
        by: { rule: { resource: 'concurrency' } },
      });
    }
    first.settle(20);
    held(limiter.reserve(rules, wish(10, 10))).settle(20);
    expect(limiter.states(rules).map(({ remaining }) => remaining)).toEqual([0, 60, 1]);
  });

  it('gives all back of a request that was refused elsewhere, and learns nothing of its time', () => {
    const { limiter } = open();
    const rules = [rule('key', 'requests', 2), rule('key', 'tokens', 100), rule('server', 'concurrency', 1)];
    const full = () => limiter.states(rules).map(({ remaining }) => remaining);
    const waitOfSecond = () => {
      const first = held(limiter.reserve(rules, wish(1)));
      const second = limiter.reserve(rules, wish(1));
      first.release();
      return second.type === 'refused' ? second.waitMs : 0;
    };
    const before = waitOfSecond();
    for (let each = 0; each < 5; each += 1) {
      const reservation = held(limiter.reserve(rules, wish(10, 10)));
      reservation.release();
      reservation.settle(20);
      expect([full(), limiter.leases()]).toEqual([[2, 100, 1], 0]);
    }
    expect(waitOfSecond()).toBe(before);
  });

  it('counts streamed tokens as they come, asks for more in steps, and ends where there are no more', () => {
    const { limiter } = open();
    const rules = [rule('key', 'tokens', 100)];
    const reservation = held(limiter.reserve(rules, wish(50, 20)));
    let made = 0;
    while (reservation.take(1)) made += 1;
    expect([made, limiter.states(rules)[0]?.remaining]).toEqual([50, 0]);
    reservation.settle(101);
    expect(limiter.states(rules)[0]?.remaining).toBe(0);
  });

  it('gives back what an aborted request had reserved, once', () => {
    const { limiter } = open();
    const rules = [rule('key', 'tokens', 100), rule('key', 'concurrency', 1)];
    const reservation = held(limiter.reserve(rules, wish(10, 80)));
    reservation.take(3);
    reservation.settle(13);
    reservation.settle(0);
    expect([reservation.take(1), ...limiter.states(rules).map(({ remaining }) => remaining)]).toEqual([
      false,
      87,
      1,
    ]);
  });

  it('puts a prompt right that was reserved by what it has at most, either way, once it is counted', () => {
    const { limiter } = open();
    const rules = [rule('key', 'tokens', 100)];
    const reservation = held(limiter.reserve(rules, wish(60, 10)));
    expect(reservation.recount(20)).toBeUndefined();
    expect(reservation.recount(20)).toBeUndefined();
    expect(limiter.states(rules)[0]?.remaining).toBe(70);
    expect(reservation.recount(91)).toMatchObject({ type: 'refused', by: { remaining: 70 } });
    expect(reservation.recount(85)).toBeUndefined();
    expect([limiter.states(rules)[0]?.remaining, reservation.take(15), reservation.take(1)]).toEqual([
      5,
      true,
      false,
    ]);
    reservation.settle(100);
    expect([reservation.recount(1), limiter.states(rules)[0]?.remaining]).toEqual([undefined, 0]);
  });

  it('frees the place of a holder that vanished at its deadline', () => {
    const { limiter, time } = open();
    const rules = [rule('key', 'concurrency', 1)];
    held(limiter.reserve(rules, wish()));
    time.pass(99_999);
    expect([limiter.leases(), limiter.reserve(rules, wish()).type]).toEqual([1, 'refused']);
    time.pass(1);
    expect([limiter.leases(), limiter.reserve(rules, wish()).type]).toEqual([0, 'held']);
  });

  it('remembers over a restart, less the time that passed, and forgives a clock that was set back', () => {
    const { limiter, time } = open();
    const rules = [rule('key', 'requests', 10)];
    for (let each = 0; each < 10; each += 1) held(limiter.reserve(rules, wish()));
    const debts = limiter.debts();
    time.pass(12_000);
    expect(open(debts, time).limiter.states(rules)[0]?.remaining).toBe(2);
    const back = { ...time, nowMs: () => 0 };
    const again = createLimiter({ clock: back, leaseMs: 1, debts });
    time.pass(60_000);
    expect(again.states(rules)[0]?.remaining).toBe(10);
  });

  it('says that waiting does not help for what is larger than the limit', () => {
    const { limiter } = open();
    expect(limiter.reserve([rule('key', 'tokens', 10)], wish(11))).toMatchObject({ waitMs: Infinity });
  });
});

describe('over random interleavings', () => {
  const step = record({
    act: constantFrom('ask', 'count', 'take', 'end', 'abort', 'wait'),
    size: integer({ min: 1, max: 60 }),
  });
  const rules = [
    rule('key', 'requests', 7),
    rule('key', 'tokens', 90),
    rule('tenant', 'tokens', 200),
    rule('server', 'concurrency', 3),
  ];

  it('never charges more than the limits allow, returns to no leases, and every told wait suffices', () => {
    assert(
      property(array(step, { maxLength: 60 }), (steps) => {
        const { limiter, time } = open();
        const startMs = time.monotonicMs();
        const running: { readonly reservation: Reservation; prompt: number; used: number }[] = [];
        let requests = 0;
        let settledTokens = 0;
        for (const { act, size } of steps) {
          if (act === 'wait') time.pass(size * 97);
          else if (act === 'ask') {
            const before = limiter.states(rules);
            const result = limiter.reserve(rules, wish(size, size));
            if (result.type === 'held') {
              requests += 1;
              running.push({ reservation: result.reservation, prompt: size, used: size });
            } else {
              expect(limiter.states(rules)).toEqual(before);
              // concurrency is an estimate, the rates are exact
              if (result.by.resetMs !== null && Number.isFinite(result.waitMs)) {
                time.pass(Math.ceil(result.waitMs / 1000) * 1000);
                const rates = rules.filter(({ resource }) => resource !== 'concurrency');
                const retry = limiter.reserve(rates, wish(size, size));
                held(retry).settle(0);
                requests += 1;
              }
            }
          } else {
            const each = running[size % Math.max(1, running.length)];
            if (each === undefined) continue;
            if (act === 'count') {
              const isRight = each.reservation.recount(size) === undefined;
              if (isRight) {
                each.used += size - each.prompt;
                each.prompt = size;
              }
            } else if (act === 'take') each.used += each.reservation.take(size) ? size : 0;
            else {
              each.reservation.settle(act === 'abort' ? each.used - 1 : each.used);
              settledTokens += act === 'abort' ? each.used - 1 : each.used;
              running.splice(running.indexOf(each), 1);
            }
          }
          const spanMs = time.monotonicMs() - startMs;
          const allowed = (limit: number) => limit * (1 + spanMs / 60_000) + 1e-6;
          const tokens = settledTokens + running.reduce((sum, { used }) => sum + used, 0);
          expect(requests).toBeLessThanOrEqual(allowed(7));
          expect(tokens).toBeLessThanOrEqual(allowed(90));
          expect(running.length).toBeLessThanOrEqual(3);
          expect(limiter.leases()).toBe(running.length);
        }
        for (const { reservation, used } of running) reservation.settle(used);
        expect(limiter.leases()).toBe(0);
        expect(limiter.states(rules).at(-1)?.remaining).toBe(3);
      }),
      { numRuns: 300 },
    );
  });
});
