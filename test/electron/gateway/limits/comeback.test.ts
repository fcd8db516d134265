import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GenerateEvent, GenerateRequest } from '../../../../electron/engine/engine.ts';
import { noLimits, type Limits, type Tier } from '../../../../shared/contract/limits.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { openStages } from '../../../support/open-stages.ts';
import { createPrincipal } from '../../../support/principal.ts';
import { createScriptedReplica } from '../../../support/scripted-replica.ts';
import { tenantLimits } from '../../../support/tenant-limits.ts';

const SLOTS = 2;
const QUEUE_LIMIT = 3;

/** Serves as long as the prompt says: `key/client/milliseconds`. */
const open = (
  tenant: Partial<Limits> = {},
  { slots = SLOTS, deadlineMs = 3_600_000 }: { readonly slots?: number; readonly deadlineMs?: number } = {},
) => {
  const clock = createFakeClock();
  const running: string[] = [];
  const most = { running: 0, waiting: 0 };
  async function* script(request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const { prompt } = request;
    const [key = '', , ms] = prompt.type === 'text' ? prompt.text.split('/') : [];
    running.push(key);
    most.running = Math.max(most.running, running.length);
    try {
      yield { type: 'started', promptTokens: 8, cachedTokens: 0, queueMs: 0 };
      await clock.sleep(Number(ms), signal).catch(() => undefined);
      yield { type: 'delta', channel: 'content', text: 'x', tokens: 1 };
      yield {
        type: 'finished',
        reason: signal.aborted ? 'aborted' : 'stop',
        usage: { promptTokens: 8, cachedTokens: 0, outputTokens: 1, reasoningTokens: 0 },
        timings: { queueMs: 0, prefillMs: 1, decodeMs: 1 },
      };
    } finally {
      running.splice(running.indexOf(key), 1);
    }
  }
  const replica = createScriptedReplica({ facts: { slots }, script });
  const limits = tenantLimits(tenant);
  const stages = openStages(replica, { clock, queueLimit: QUEUE_LIMIT, limits, deadlineMs });
  return { clock, replica, running, most, ...stages };
};
type World = ReturnType<typeof open>;

const key = (keyId: string, limits: Partial<Limits> = {}, tier: Tier = 'interactive') =>
  createPrincipal({ keyId, name: keyId, tier, limits: { ...noLimits, ...limits } });
const body = (text: string, n = 1) => ({ prompt: text, max_tokens: 4, n });
const isRefused = (status: number) => status === 429 || status === 503;

/** Asks, waits as told if it is refused, and asks again. */
const obey = async (
  world: World,
  principal: ReturnType<typeof key>,
  { text, n = 1, lateMs = 0, leave }: { text: string; n?: number; lateMs?: number; leave?: AbortSignal },
) => {
  const options = leave === undefined ? {} : { leave };
  const first = await world.ask(principal, body(text, n), options);
  const told = Number(first.headers['retry-after']);
  if (!isRefused(first.status)) return [first.status];
  expect(told).toBeGreaterThan(0);
  await world.clock.sleep(told * 1000 + lateMs);
  const second = await world.ask(principal, body(text, n), options);
  return [first.status, second.status];
};

describe('a client that waits as it was told', () => {
  const principals = [
    key('one', { concurrency: 1 }, 'batch'),
    key('many', { concurrency: 3 }, 'realtime'),
    key('rated', { requestsPerMinute: 6 }),
    key('shed', {}, 'batch'),
    key('metered', { tokensPerMinute: 60, concurrency: 2 }),
  ];
  const clients = fc.array(
    fc.record({
      who: fc.nat({ max: principals.length - 1 }),
      arriveMs: fc.integer({ min: 0, max: 20_000 }),
      // some take ten times as long as the others have taught
      serviceMs: fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 200, max: 1500 }) },
        { weight: 1, arbitrary: fc.integer({ min: 10_000, max: 15_000 }) },
      ),
      n: fc.constantFrom(1, 1, 1, 2),
      lateMs: fc.integer({ min: 0, max: 9000 }),
      fate: fc.constantFrom('obeys', 'obeys', 'obeys', 'never comes back', 'hangs up'),
      hangUpMs: fc.integer({ min: 1, max: 9000 }),
    }),
    { minLength: 10, maxLength: 40 },
  );

  it('succeeds, whoever else comes, hangs up or takes ten times as long', { timeout: 60_000 }, async () => {
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(clients, async (all) => {
        using world = open({ concurrency: 6 });
        const { clock } = world;
        const startMs = clock.monotonicMs();
        const answered: Record<string, number> = {};
        const spans: [string, number, number][] = [];
        const act = async (client: (typeof all)[number], index: number) => {
          const principal = principals[client.who] ?? key('nobody');
          await clock.sleep(client.arriveMs);
          const text = `${principal.keyId}/${index}/${client.serviceMs}`;
          const { n, lateMs, fate } = client;
          if (fate === 'never comes back') {
            await world.ask(principal, body(text, n));
            return;
          }
          if (fate === 'hangs up') {
            const leave = new AbortController();
            const left = obey(world, principal, { text, n, lateMs, leave: leave.signal });
            await clock.sleep(client.hangUpMs);
            leave.abort();
            await left;
            return;
          }
          const statuses = await obey(world, principal, { text, n, lateMs });
          refusals += statuses.length - 1;
          expect(statuses.at(-1)).toBe(200);
          answered[principal.keyId] = (answered[principal.keyId] ?? 0) + 8 + n;
          spans.push([principal.keyId, clock.monotonicMs(), n]);
        };
        const watch = clock.every(100, () => {
          const { waiting } = world.queue.snapshot();
          const counts = Object.groupBy(world.running, (each) => each);
          expect(world.running.length).toBeLessThanOrEqual(SLOTS);
          expect(counts.one?.length ?? 0).toBeLessThanOrEqual(2); // one request of two choices
          world.most.waiting = Math.max(world.most.waiting, waiting);
        });
        await clock.runUntil(Promise.all(all.map(act)));
        watch[Symbol.dispose]();
        const minutes = (clock.monotonicMs() - startMs) / 60_000;
        expect(answered.metered ?? 0).toBeLessThanOrEqual(60 * (1 + minutes) + 1e-6);
        expect(spans.filter(([id]) => id === 'rated').length).toBeLessThanOrEqual(6 * (1 + minutes));
        expect(world.most.running).toBeLessThanOrEqual(SLOTS);
        expect(world.queue.snapshot()).toEqual({ running: 0, waiting: 0 });
        expect([world.limits.limiter.leases(), world.limits.room.line.claims().length]).toEqual([0, 0]);
      }),
      { numRuns: 100 },
    );
    expect(refusals).toBeGreaterThan(50);
  });

  it('waits for a place until the deadline of who holds it, and is answered then', async () => {
    using world = open({ concurrency: 1 }, { deadlineMs: 60_000 });
    const { clock } = world;
    const endless = world.ask(key('a'), body('a/0/999999999'));
    await clock.advance(1);
    const startMs = clock.monotonicMs();
    const [first, second] = await clock.runUntil(obey(world, key('b'), { text: 'b/1/500' }));
    expect([first, second, (await endless).status]).toEqual([429, 200, 504]);
    expect(clock.monotonicMs() - startMs).toBeGreaterThan(55_000);
  });

  it('waits by the limits as they are by then, of its tenant and of its key', async () => {
    const tenant: Partial<Limits> = { concurrency: 2 };
    using world = open(tenant, { slots: 8 });
    const { clock, running } = world;
    const long = [20_000, 40_000].map((ms) => world.ask(key('a'), body(`a/${ms}/${ms}`)));
    await clock.advance(1);
    const client = obey(world, key('b'), { text: 'b/0/60000' });
    await clock.advance(15_000);
    expect(world.limits.room.line.claims()).toHaveLength(1);
    tenant.concurrency = 1;
    await clock.advance(10_000);
    expect(running).toEqual(['a']);
    tenant.concurrency = null;
    await clock.advance(250);
    expect(running).toEqual(['a', 'b']);
    await clock.runUntil(Promise.all([...long, client]));

    const own = world.ask(key('c', { concurrency: 1 }), body('c/0/900000'));
    await clock.advance(1);
    const again = obey(world, key('c', { concurrency: 1 }), { text: 'c/1/60000' });
    await clock.advance(600_000);
    expect(running).toEqual(['c']);
    // its owner gives the key two places, of which this takes the second
    const third = await world.ask(key('c', { concurrency: 2 }), { prompt: 7 });
    expect(third.status).toBe(400);
    await clock.advance(250);
    expect(running).toEqual(['c', 'c']);
    await clock.runUntil(Promise.all([own, again]));
  });

  it('is told so when the limit is lowered below its prompt while it waits', async () => {
    const tenant: Partial<Limits> = { tokensPerMinute: 10_000, concurrency: 1 };
    using world = open(tenant);
    const { clock } = world;
    const long = world.ask(key('a'), body('a/0/60000'));
    await clock.advance(1);
    const client = obey(world, key('b'), { text: 'b/0/60000' });
    await clock.advance(15_000);
    tenant.tokensPerMinute = 1;
    await clock.advance(250);
    expect(await client).toEqual([429, 413]);
    await clock.runUntil(long);
  });

  it('waits for a model that still loads when it asks what takes no slot', async () => {
    using world = open();
    const { clock, replica } = world;
    const ready = replica.state();
    replica.setState({ type: 'loading', fraction: 0.5 });
    const ask = () => world.ask(key('a'), { content: 'hello' }, { path: '/tokenize' });
    const refused = await ask();
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    await clock.advance(1000);
    const again = ask();
    await clock.advance(90_000);
    replica.setState(ready);
    expect((await again).status).toBe(200);
  });

  it('is told that no wait helps where nothing loads', async () => {
    using world = open();
    world.replica.setState({ type: 'stopped' });
    const refused = await world.ask(key('a'), body('a/0/1'));
    expect([refused.status, refused.headers['retry-after'], refused.headers['x-should-retry']]).toEqual([
      503,
      '1',
      'false',
    ]);
  });

  it('meets no promise where it comes sooner, or with another request', async () => {
    using world = open({ concurrency: 1 });
    const { clock } = world;
    const running = world.ask(key('a'), body('a/0/100000'));
    await clock.advance(1);
    const { headers } = await world.ask(key('a'), body('a/1/1'));
    await clock.advance((Number(headers['retry-after']) - 1) * 1000);
    const early = await world.ask(key('a'), body('a/1/1'));
    await clock.advance(1000);
    const other = await world.ask(key('a'), body('a/2/1'));
    const stranger = await world.ask(key('b'), body('a/1/1'));
    expect([early.status, other.status, stranger.status]).toEqual([429, 429, 429]);
    await clock.runUntil(running);
  });
});

describe('promises cost others', () => {
  it('nothing while nobody comes back for them', async () => {
    using world = open({}, { slots: 1 });
    const { clock } = world;
    const served = Array.from({ length: 4 }, (_, at) => world.ask(key('a'), body(`a/${at}/1000`)));
    await clock.advance(1);
    const refused = Array.from({ length: 100 }, (_, at) => world.ask(key('hostile'), body(`h/${at}/1`)));
    const statuses = (await Promise.all(refused)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([503]));
    await clock.runUntil(Promise.all(served));
    const next = Array.from({ length: 4 }, (_, at) => world.ask(key('b'), body(`b/${at}/1000`)));
    expect((await clock.runUntil(Promise.all(next))).map(({ status }) => status)).toEqual([
      200, 200, 200, 200,
    ]);
  });

  it('one turn each, and a key that hoards them has no more than it may have', async () => {
    using world = open({ requestsPerMinute: 6 }, { slots: 8 });
    const { clock } = world;
    const hoard = Array.from({ length: 300 }, (_, at) => obey(world, key('hostile'), { text: `h/${at}/1` }));
    let kept = 0;
    for (const each of hoard) void each.then((statuses) => (kept += statuses.at(-1) === 200 ? 1 : 0));
    await clock.advance(61_000); // all are back, and stand in line
    expect(world.limits.room.line.claims().length).toBeLessThanOrEqual(128);
    const startMs = clock.monotonicMs();
    expect(await clock.runUntil(obey(world, key('b'), { text: 'b/0/1' }))).toEqual([429, 200]);
    // told a minute at most; then a request is let through every ten seconds, and the hoard has one turn before it
    expect(clock.monotonicMs() - startMs).toBeLessThanOrEqual(60_000 + 20_000);
    await clock.runUntil(Promise.all(hoard));
    expect(kept).toBeGreaterThanOrEqual(6 + 128);
  });
});
