import { expect, it } from 'vitest';
import { createSingleKey, type KeyRing } from '../../../electron/gateway/index.ts';
import { createNodeRandom } from '../../../electron/platform/node/random.ts';
import type { UsageEntry } from '../../../shared/contract/usage.ts';
import { eventually } from '../../support/eventually.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { isIdle, openGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica } from '../../support/scripted-replica.ts';

const asking = (content: string, more = {}) => ({
  messages: [{ role: 'user', content }],
  max_tokens: 1000,
  ...more,
});
const greedy = { temperature: 0 };

type Options = Pick<NonNullable<Parameters<typeof openGateway>[1]>, 'readsCache' | 'info' | 'other'>;

/** One slot, eight places to wait, and keys whose tier is their ending. */
const open = async (options: Options = {}) => {
  const clock = createFakeClock();
  const { secret, ring } = createSingleKey('test', { random: createNodeRandom(), clock, role: 'operator' });
  const keys: KeyRing = {
    ...ring,
    verify: (presented) => {
      const [key = '', tier, tenantId] = presented.split('#');
      const principal = ring.verify(key);
      if (principal === undefined) return undefined;
      return {
        ...principal,
        tier: tier === 'batch' || tier === 'realtime' ? tier : 'interactive',
        tenantId: tenantId ?? principal.tenantId,
      };
    },
  };
  const rows: UsageEntry[] = [];
  const replica = createScriptedReplica({ facts: { slots: 1 } });
  const server = await openGateway(replica, {
    clock,
    keys,
    queueLimit: 8,
    ledger: (row) => void rows.push(row),
    ...options,
  });
  const ask = (tier: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    server.fetch('/v1/chat/completions', body, {
      headers: { authorization: `Bearer ${secret}#${tier}`, ...headers },
    });
  const metrics = async () => {
    const reply = await server.fetch('/metrics', undefined, {
      headers: { authorization: `Bearer ${secret}` },
    });
    return (await reply.text())
      .split('\n')
      .filter((line) => line.startsWith('dyno_requests_degraded_total{'));
  };
  /** Answers what runs; gives what was asked of the engine. */
  const serve = async (text = 'x') => {
    const { request, ...generation } = await replica.next();
    generation.start(5);
    generation.say(text);
    generation.finish();
    return request;
  };
  const waiting: Promise<Response>[] = [];
  /** Asks what has to wait; resolves once it does. */
  const stand = (body: unknown, headers = {}) => {
    const { queued } = server.gateway.snapshot();
    waiting.push(ask('interactive', body, headers));
    return eventually(() => server.gateway.snapshot().queued === queued + 1);
  };
  return {
    server,
    replica,
    ask,
    serve,
    waiting,
    stand,
    rows,
    metrics,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};
const told = (reply: Response) => [reply.status, reply.headers.get('x-dyno-degraded')];

it('gives up one thing after the other in a burst: it queues, clamps, gives kept answers, refuses', async () => {
  await using world = await open();
  const known = world.ask('interactive', asking('known', greedy));
  await world.serve('as ever');
  expect(told(await known)).toEqual([200, null]);

  const running = world.ask('interactive', asking('first'));
  await eventually(() => world.server.gateway.snapshot().running === 1);
  const { stand, waiting } = world;
  for (let each = 0; each < 3; each += 1) await stand(asking('one more'));
  await stand(asking('known', greedy));
  await stand(asking('one more'), { 'x-dyno-degrade': 'never' });
  const kept = await world.ask('interactive', asking('known', greedy));
  expect(told(kept)).toEqual([200, 'cache']);
  expect(await kept.json()).toMatchObject({
    choices: [{ message: { content: 'as ever' } }],
    usage: { prompt_tokens: 5, prompt_tokens_details: { cached_tokens: 5 } },
  });
  for (let each = 0; each < 2; each += 1) await stand(asking('one more'));
  const shed = await world.ask('batch', asking('later'));
  expect(told(shed)).toEqual([429, 'refuse']);
  await stand(asking('one more'));
  const refused = await world.ask('interactive', asking('last'));
  expect(told(refused)).toEqual([503, 'refuse']);
  for (const { headers } of [shed, refused]) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);

  const asked: (number | null)[] = [];
  for (let each = 0; each < 9; each += 1) asked.push((await world.serve()).maxTokens);
  const replies = await Promise.all([running, ...waiting]);
  expect(replies.map(told)).toEqual([
    [200, null],
    [200, 'queue'],
    [200, 'queue'],
    [200, 'queue'],
    [200, 'clamp, queue'],
    [200, 'queue'],
    [200, 'clamp, queue'],
    [200, 'clamp, queue'],
    [200, 'clamp, queue'],
  ]);
  expect(asked).toEqual([1000, 1000, 1000, 1000, 256, 1000, 256, 256, 256]);
  expect(replies.at(-1)?.headers.get('x-dyno-warning')).toBe(
    'max_tokens was lowered to 256: the server is saturated.',
  );

  // at ease again at once, and the row, the ledger and the metrics say the same as the headers
  await eventually(() => isIdle(world.server));
  const after = world.ask('interactive', asking('quiet'));
  await world.serve();
  expect(told(await after)).toEqual([200, null]);
  await eventually(() => world.rows.length === 14);
  const steps = world.rows.map(({ degraded }) => degraded).filter((each) => each !== '');
  expect(steps.toSorted()).toEqual([
    'cache',
    ...Array<string>(4).fill('clamp queue'),
    ...Array<string>(4).fill('queue'),
    'refuse',
    'refuse',
  ]);
  expect(await world.metrics()).toEqual(
    expect.arrayContaining([
      'dyno_requests_degraded_total{model="demo",step="queue"} 8',
      'dyno_requests_degraded_total{model="demo",step="clamp"} 4',
      'dyno_requests_degraded_total{model="demo",step="cache"} 1',
      'dyno_requests_degraded_total{model="demo",step="refuse"} 2',
    ]),
  );
});

it('serves the better tier first', async () => {
  await using world = await open();
  const order: string[] = [];
  const sent: Promise<unknown>[] = [];
  const running = world.ask('batch', asking('running'));
  await eventually(() => world.server.gateway.snapshot().running === 1);
  for (const tier of ['batch', 'interactive', 'realtime', 'interactive']) {
    const { queued } = world.server.gateway.snapshot();
    sent.push(world.ask(tier, asking(tier)).then(() => order.push(tier)));
    await eventually(() => world.server.gateway.snapshot().queued === queued + 1);
  }
  for (let served = 0; served <= 4; served += 1) {
    await world.serve();
    await eventually(() => order.length === served);
  }
  await Promise.all([running, ...sent]);
  expect(order).toEqual(['realtime', 'interactive', 'interactive', 'batch']);
});

it('gives kept answers at any time where its owner wants that, never to another tenant, and streams them too', async () => {
  let readsCache = false;
  await using world = await open({ readsCache: () => readsCache });
  const body = asking('Hi', greedy);
  for (const text of ['first', 'second']) {
    const made = world.ask('interactive#mine', body);
    await world.serve(text);
    expect((await made).headers.get('x-dyno-cache')).toBeNull();
  }
  readsCache = true;
  const stream = await world.ask('interactive#mine', { ...body, stream: true });
  expect([stream.headers.get('x-dyno-cache'), stream.headers.get('x-dyno-degraded')]).toEqual(['hit', null]);
  const events = await stream.text();
  expect(events).toContain('"content":"second"');
  expect(events).toContain('data: [DONE]');

  const foreign = world.ask('interactive#theirs', body);
  await world.serve('theirs');
  expect(await (await foreign).text()).toContain('theirs');
  const never = world.ask('interactive#mine', body, { 'x-dyno-degrade': 'never' });
  await world.serve('anew');
  expect(await (await never).text()).toContain('anew');

  // the ledger tells a kept answer from one whose prompt the engine still held in part, and both from a new one
  const again = world.ask('interactive#mine', asking('Hi and more'));
  const { request: _request, ...generation } = await world.replica.next();
  generation.start(5, 3);
  generation.finish();
  await again;
  await eventually(() => world.rows.length === 6);
  expect(world.rows.map(({ cacheTier, cachedTokens }) => [cacheTier, cachedTokens])).toEqual([
    ['none', 0],
    ['none', 0],
    ['exact', 5],
    ['none', 0],
    ['none', 0],
    ['prefix', 3],
  ]);
});

it('lets a smaller quantization of the same model answer, where it is served and at ease', async () => {
  const file = { architecture: 'llama', parameterCount: 9, sizeBytes: 200, sha256: () => null };
  const small = createScriptedReplica({ facts: { slots: 1 } });
  await using world = await open({
    info: { file },
    other: { info: { id: 'demo-q4', file: { ...file, sizeBytes: 100 } }, replica: small },
  });
  const running = world.ask('interactive', asking('first'));
  await eventually(() => world.server.gateway.snapshot().running === 1);
  const waiting: Promise<Response>[] = [];
  for (let queued = 1; queued <= 5; queued += 1) {
    waiting.push(world.ask('interactive', asking('one more')));
    await eventually(() => world.server.gateway.snapshot().queued === queued);
  }
  const sixth = world.ask('interactive', asking('one more'));
  const generation = await small.next();
  expect(generation.request.maxTokens).toBe(256);
  generation.start(5);
  generation.finish();
  const reply = await sixth;
  expect(told(reply)).toEqual([200, 'clamp, smaller']);
  expect(await reply.json()).toMatchObject({ model: 'demo-q4' });
  await eventually(() => world.rows.length === 1);
  expect(world.rows[0]).toMatchObject({ model: 'demo-q4', degraded: 'clamp smaller' });
  for (let each = 0; each < 6; each += 1) await world.serve();
  await Promise.all([running, ...waiting]);
});

it('learns no lengths while it is pressed: answers it made short would teach it ever shorter ones', async () => {
  await using world = await open();
  const running = world.ask('interactive', asking('first'));
  await eventually(() => world.server.gateway.snapshot().running === 1);
  for (let each = 0; each < 5; each += 1) await world.stand(asking('one more'));
  const asked: (number | null)[] = [];
  for (let each = 0; each < 24; each += 1) {
    asked.push((await world.serve()).maxTokens);
    await eventually(() => world.server.gateway.snapshot().queued === 4);
    await world.stand(asking('one more'));
  }
  for (let each = 0; each < 6; each += 1) asked.push((await world.serve()).maxTokens);
  const replies = await Promise.all([running, ...world.waiting]);
  expect(replies.every(({ status }) => status === 200)).toBe(true);
  // 16 answers of one token would be enough to learn from: those that came later would be cut to one token
  expect(asked.slice(8)).toEqual(Array<number>(22).fill(256));
});
