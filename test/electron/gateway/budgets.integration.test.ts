import OpenAI from 'openai';
import { expect, it } from 'vitest';
import type { BudgetSource } from '../../../electron/gateway/index.ts';
import { budgetSchema, type Budget } from '../../../shared/contract/budgets.ts';
import type { Limits } from '../../../shared/contract/limits.ts';
import type { PriceSheet } from '../../../shared/contract/prices.ts';
import type { UsageEntry } from '../../../shared/contract/usage.ts';
import { eventually } from '../../support/eventually.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { isIdle, openGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica, type ScriptedReplica } from '../../support/scripted-replica.ts';
import { tenantLimits } from '../../support/tenant-limits.ts';

const prompt = { prompt: 'abcdefghij', max_tokens: 10 };
const HOUR_MS = 3_600_000;

const budgetOf = (limit: number, given: Partial<Budget> = {}): Budget =>
  budgetSchema.parse({ owner: { type: 'tenant', tenantId: 'default' }, window: 'hour', limit, ...given });

const budgeted = (
  limit: number,
  given: Partial<Budget> = {},
  tenant: Partial<Limits> = {},
  sheet?: PriceSheet,
) => {
  const budget = budgetOf(limit, given);
  const alerts: number[] = [];
  const budgets: BudgetSource = {
    budgetsOf: () => [budget],
    priceOf: () => sheet,
    usedSince: () => 0n,
    reached: (_budget, { percent }) => void alerts.push(percent),
  };
  return {
    alerts,
    limits: { ...tenantLimits(tenant), budgets },
  };
};
const playOne = async (replica: ScriptedReplica, words: number): Promise<void> => {
  const generation = await replica.next();
  generation.start(10);
  for (let word = 0; word < words; word += 1) generation.say('x');
  generation.finish();
};

it('refuses past a budget with 429 insufficient_quota that names it, and lets in who waited as told', async () => {
  const clock = createFakeClock();
  const replica = createScriptedReplica();
  const { limits, alerts } = budgeted(30);
  await using server = await openGateway(replica, { clock, limits });
  const first = server.fetch('/v1/completions', prompt);
  await playOne(replica, 10);
  expect((await first).headers.get('x-dyno-budget')).toMatch(
    /^tenant;window=hour;unit=tokens;limit=30;remaining=10;reset=\d+$/u,
  );
  await eventually(() => isIdle(server));
  const second = server.fetch('/v1/completions', prompt);
  expect((await second).status).toBe(429);
  const refused = await server.fetch('/v1/completions', prompt);
  const { error } = (await refused.json()) as { error: Record<string, unknown> };
  expect(error).toMatchObject({
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    scope: 'tenant',
    window: 'hour',
    resource: 'tokens',
    limit: 30,
    used: 20,
  });
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBe(Math.ceil((HOUR_MS - (clock.nowMs() % HOUR_MS)) / 1000));
  expect([refused.headers.get('x-should-retry'), error.resets_in_s, alerts]).toEqual(['false', seconds, []]);
  await clock.advance(seconds * 1000);
  const third = server.fetch('/v1/completions', prompt);
  await playOne(replica, 1);
  expect((await third).status).toBe(200);
});

it('is not tried again by the library of OpenAI, which is told so', async () => {
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, { clock: createFakeClock(), ...budgeted(15) });
  const first = server.fetch('/v1/completions', { ...prompt, max_tokens: 5 });
  await playOne(replica, 5);
  await (await first).text();
  const before = server.changes.length;
  const client = new OpenAI({ baseURL: server.url, apiKey: server.apiKey, maxRetries: 3 });
  const refusal = await client.completions
    .create({ model: 'demo', prompt: 'abcdefghij' })
    .catch((e: unknown) => e);
  expect(refusal).toBeInstanceOf(OpenAI.RateLimitError);
  expect(refusal).toMatchObject({ code: 'insufficient_quota' });
  expect(server.changes.slice(before).filter(({ phase }) => phase === 'failed')).toHaveLength(1);
});

it('ends an answer by its length where a budget has no more, over SSE too, and tells the alerts', async () => {
  const replica = createScriptedReplica();
  const { limits, alerts } = budgeted(15);
  await using server = await openGateway(replica, { clock: createFakeClock(), limits });
  const asked = server.fetch('/v1/completions', { ...prompt, max_tokens: 100, stream: true });
  const generation = await replica.next();
  generation.start(10);
  for (let word = 0; word < 9; word += 1) generation.say('x');
  const text = await (await asked).text();
  expect(text.match(/"text":"x"/gu)).toHaveLength(5);
  expect(text).toContain('"finish_reason":"length"');
  await eventually(() => alerts.length === 2);
  expect(alerts).toEqual([80, 100]);
});

it('burns nothing of a budget by what a limit refuses, nor of a limit by what a budget refuses', async () => {
  const replica = createScriptedReplica();
  const { limits } = budgeted(1000, {}, { requestsPerMinute: 1 });
  await using server = await openGateway(replica, { clock: createFakeClock(), limits });
  const first = server.fetch('/v1/completions', prompt);
  await playOne(replica, 1);
  expect((await first).status).toBe(200);
  await eventually(() => isIdle(server));
  const refused = await server.fetch('/v1/completions', prompt);
  const again = await server.fetch('/v1/completions', prompt);
  expect([refused.status, again.headers.get('x-dyno-budget')]).toEqual([
    429,
    refused.headers.get('x-dyno-budget'),
  ]);

  const small = budgeted(5, {}, { requestsPerMinute: 5 });
  await using other = await openGateway(createScriptedReplica(), {
    clock: createFakeClock(),
    limits: small.limits,
  });
  const { status } = await other.fetch('/v1/completions', prompt);
  expect(status).toBe(413);
  const limited = other.gateway.limitStates([
    { id: 'tenant/default/requests', scope: 'tenant', resource: 'requests', limit: 5 },
  ]);
  expect(limited[0]?.remaining).toBe(5);
});

it('gives back what a client that went away had held', async () => {
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, { clock: createFakeClock(), ...budgeted(20) });
  const leave = new AbortController();
  const asked = server.fetch('/v1/completions', { ...prompt, stream: true }, { signal: leave.signal });
  await replica.next();
  const held = await server.fetch('/v1/completions', prompt);
  // what is held comes back, so asking again at the told time is right
  expect([held.status, held.headers.get('retry-after'), held.headers.get('x-should-retry')]).toEqual([
    429,
    '1',
    null,
  ]);
  leave.abort();
  await expect(asked).rejects.toThrow();
  await eventually(() => isIdle(server) && replica.liveCount() === 0);
  const next = server.fetch('/v1/completions', prompt);
  await playOne(replica, 1);
  expect((await next).status).toBe(200);
});

it('gives the room of an answer that ends to who came back and waits for it, before anyone else', async () => {
  const clock = createFakeClock();
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, { clock, ...budgeted(25) });
  const running = server.fetch('/v1/completions', prompt);
  const generation = await replica.next();
  const refused = await server.fetch('/v1/completions', prompt);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  await clock.advance(1000);
  const waiting = server.fetch('/v1/completions', prompt);
  await eventually(() => server.changes.some(({ degraded }) => degraded.includes('queue')));
  generation.start(10);
  generation.finish();
  await running;
  // no time has passed: nobody looked by the clock
  await eventually(() => replica.liveCount() === 1);
  await playOne(replica, 1);
  expect((await waiting).status).toBe(200);
});

it('tells the longest wait of all that blocks, be it a budget or a limit', async () => {
  const replica = createScriptedReplica();
  const { limits } = budgeted(30, {}, { requestsPerMinute: 1 });
  await using server = await openGateway(replica, { clock: createFakeClock(), limits });
  const running = server.fetch('/v1/completions', prompt);
  const generation = await replica.next();
  // the budget has its room back in about a second, the limit in a minute
  const refused = await server.fetch('/v1/completions', prompt);
  const { error } = (await refused.json()) as { error: Record<string, unknown> };
  expect([refused.status, refused.headers.get('retry-after'), error.code]).toEqual([
    429,
    '60',
    'rate_limit_exceeded',
  ]);
  generation.start(10);
  generation.finish();
  await running;
});

it('tells a kept answer no further than a budget goes', async () => {
  const replica = createScriptedReplica();
  const rows: UsageEntry[] = [];
  await using server = await openGateway(replica, {
    clock: createFakeClock(),
    ...budgeted(45),
    readsCache: () => true,
    ledger: (row) => void rows.push(row),
  });
  const asking = { prompt: 'abcdefghij', max_tokens: 20, temperature: 0 };
  const first = server.fetch('/v1/completions', asking);
  await playOne(replica, 20);
  expect((await first).status).toBe(200);
  await eventually(() => rows.length === 1);
  const kept = await server.fetch('/v1/completions', asking);
  expect(kept.headers.get('x-dyno-cache')).toBe('hit');
  expect(await kept.json()).toMatchObject({
    choices: [{ text: 'xxxxx', finish_reason: 'length' }],
    usage: { prompt_tokens: 10, completion_tokens: 5 },
  });
  await eventually(() => rows.length === 2);
  const spent = rows.reduce((sum, row) => sum + row.promptTokens + row.outputTokens, 0);
  expect(spent).toBe(45);
  // what is refused tells no answer, kept or not
  const refused = await server.fetch('/v1/completions', asking);
  expect([refused.status, refused.headers.get('x-dyno-cache')]).toEqual([429, null]);
});

it('puts right what a prompt was held by while its model loaded, and stops what has no room for it', async () => {
  const replica = createScriptedReplica();
  const ready = replica.state();
  replica.setState({ type: 'loading', fraction: 0.5 });
  const rows: UsageEntry[] = [];
  await using server = await openGateway(replica, {
    clock: createFakeClock(),
    ...budgeted(60),
    info: { chatTemplate: 'words around a message, '.repeat(10) },
    ledger: (row) => void rows.push(row),
  });
  // there is no room for all a template could add, and nobody to ask what it does: the bytes of the message are held
  const messages = [{ role: 'user', content: 'abc' }];
  const asked = server.fetch('/v1/chat/completions', { messages, max_tokens: 5 });
  await eventually(() => server.gateway.snapshot().queued === 1);
  replica.setState(ready);
  const generation = await replica.next();
  generation.start(61);
  generation.say('x');
  const refused = await asked;
  expect([refused.status, await refused.json()]).toMatchObject([
    429,
    { error: { code: 'insufficient_quota' } },
  ]);
  await eventually(() => rows.length === 1);
  expect(rows[0]).toMatchObject({
    promptTokens: 0,
    outputTokens: 0,
    errorCode: 'gateway.insufficient-quota',
  });
});

it('charges money by the kind of token: what the cache held at its own price', async () => {
  const replica = createScriptedReplica();
  const prices = { promptMicro: 2_000_000, cachedMicro: 500_000, outputMicro: 8_000_000 };
  const sheet = { model: 'demo', currency: 'EUR', fromDay: '2026-01-01', ...prices };
  const { limits } = budgeted(1000, { currency: 'EUR' }, {}, sheet);
  await using server = await openGateway(replica, { clock: createFakeClock(), limits });
  const first = server.fetch('/v1/completions', prompt);
  const generation = await replica.next();
  generation.start(10, 8);
  generation.say('x');
  generation.finish();
  await (await first).text();
  await eventually(() => isIdle(server));
  const second = server.fetch('/v1/completions', prompt);
  await playOne(replica, 1);
  // of 1000 millionths 2 x 2 + 8 x 0.5 + 8 are charged, and the second one holds 10 x 2 + 10 x 8
  expect((await second).headers.get('x-dyno-budget')).toContain('limit=0.001000;remaining=0.000884;');
});

it('counts and tells a budget that is not enforced, and neither refuses nor asks the engine anything for it', async () => {
  const scripted = createScriptedReplica();
  let counted = 0;
  const replica: ScriptedReplica = {
    ...scripted,
    tokenize: (text, options) => {
      counted += 1;
      return scripted.tokenize(text, options);
    },
  };
  const { limits, alerts } = budgeted(5, { isEnforced: false });
  await using server = await openGateway(replica, { clock: createFakeClock(), limits });
  const headers: (string | null)[] = [];
  for (let round = 0; round < 2; round += 1) {
    const asked = server.fetch('/v1/completions', { ...prompt, prompt: ['abcdefghij', 'klmnopqrst'] });
    for (let choice = 0; choice < 2; choice += 1) await playOne(scripted, 10);
    const reply = await asked;
    expect([reply.status, await reply.json()]).toMatchObject([200, { usage: { completion_tokens: 20 } }]);
    headers.push(reply.headers.get('x-dyno-budget'));
    await eventually(() => isIdle(server));
  }
  expect(headers.map((header) => /limit=5;remaining=\d+/u.exec(header ?? '')?.[0])).toEqual([
    'limit=5;remaining=5',
    'limit=5;remaining=0',
  ]);
  expect([counted, alerts]).toEqual([0, [80, 100]]);
});

it('holds a budget that is enforced also beside one that is not', async () => {
  const replica = createScriptedReplica();
  const { limits } = budgeted(15);
  const both = [budgetOf(1, { window: 'day', isEnforced: false }), budgetOf(15)];
  await using server = await openGateway(replica, {
    clock: createFakeClock(),
    limits: { ...limits, budgets: { ...limits.budgets, budgetsOf: () => both } },
  });
  const asked = server.fetch('/v1/completions', { ...prompt, max_tokens: 100 });
  await playOne(replica, 9);
  expect(await (await asked).json()).toMatchObject({
    choices: [{ text: 'xxxxx', finish_reason: 'length' }],
    usage: { completion_tokens: 5 },
  });
});

it.each([
  ['counts what a kept answer had beyond the words it told', 36, 8],
  ['leaves it out where a budget has no more room for it', 35, 5],
])('%s', async (_name, limit, counted) => {
  const replica = createScriptedReplica();
  const rows: UsageEntry[] = [];
  await using server = await openGateway(replica, {
    clock: createFakeClock(),
    ...budgeted(limit),
    readsCache: () => true,
    ledger: (row) => void rows.push(row),
  });
  const asking = { prompt: 'abcdefghij', max_tokens: 8, temperature: 0 };
  const first = server.fetch('/v1/completions', asking);
  const generation = await replica.next();
  generation.start(10);
  for (let word = 0; word < 5; word += 1) generation.say('x');
  // marks and a stop string: made, counted, and never told
  const usage = { promptTokens: 10, cachedTokens: 0, outputTokens: 8, reasoningTokens: 0 };
  const timings = { queueMs: 0, prefillMs: 0, decodeMs: 0 };
  generation.push({ type: 'finished', reason: 'stop', usage, timings });
  expect(await (await first).json()).toMatchObject({ usage: { completion_tokens: 8 } });
  await eventually(() => rows.length === 1);
  const kept = await server.fetch('/v1/completions', asking);
  expect(kept.headers.get('x-dyno-cache')).toBe('hit');
  expect(await kept.json()).toMatchObject({
    choices: [{ text: 'xxxxx', finish_reason: 'stop' }],
    usage: { completion_tokens: counted },
  });
  await eventually(() => rows.length === 2);
  expect(rows.reduce((sum, row) => sum + row.promptTokens + row.outputTokens, 0)).toBeLessThanOrEqual(limit);
});
