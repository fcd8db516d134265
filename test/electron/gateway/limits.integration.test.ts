import { once } from 'node:events';
import { expect, it } from 'vitest';
import type { StoredDebt } from '../../../electron/gateway/limits/limiter.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { noLimits, type Limits } from '../../../shared/contract/limits.ts';
import type { UsageEntry } from '../../../shared/contract/usage.ts';
import { eventually } from '../../support/eventually.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { isIdle, openGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica, type ScriptedReplica } from '../../support/scripted-replica.ts';

const chat = { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 4 };
const prompt = { prompt: 'abcdefghij', max_tokens: 10 };

const limited = (tenant: Partial<Limits>, debts: readonly StoredDebt[] = []) => {
  let kept = debts;
  return {
    limits: {
      tenantLimits: () => ({ ...noLimits, ...tenant }),
      serverLimits: () => noLimits,
      loadDebts: () => kept,
      saveDebts: (next: readonly StoredDebt[]) => {
        kept = next;
      },
    },
    kept: () => kept,
  };
};
const playOne = async (replica: ScriptedReplica, promptTokens: number, words: number): Promise<void> => {
  const generation = await replica.next();
  generation.start(promptTokens);
  for (let word = 0; word < words; word += 1) generation.say('x');
  generation.finish();
};
const codeOf = async (reply: Response) => {
  const { error } = (await reply.json()) as { error: { code: string; type: string } };
  return [reply.status, error.code, error.type];
};

it('tells what is left in every header, refuses past it with 429, and lets in who waited as told', async () => {
  const clock = createFakeClock();
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, { clock, ...limited({ requestsPerMinute: 2 }) });
  const first = server.fetch('/v1/chat/completions', chat);
  await playOne(replica, 5, 1);
  const { headers } = await first;
  expect([
    headers.get('x-ratelimit-limit-requests'),
    headers.get('x-ratelimit-remaining-requests'),
    headers.get('x-ratelimit-reset-requests'),
    headers.get('ratelimit'),
    headers.get('ratelimit-policy'),
  ]).toEqual(['2', '1', '30s', '"tenant-requests";r=1;t=30', '"tenant-requests";q=2;w=60']);
  const second = server.fetch('/v1/chat/completions', chat);
  await playOne(replica, 5, 1);
  expect((await second).status).toBe(200);

  const refused = await server.fetch('/v1/chat/completions', chat);
  const seconds = Number(refused.headers.get('retry-after'));
  expect([seconds, refused.headers.get('x-ratelimit-remaining-requests')]).toEqual([30, '0']);
  expect(await codeOf(refused)).toEqual([429, 'rate_limit_exceeded', 'rate_limit_error']);
  await clock.advance(seconds * 1000);
  const third = server.fetch('/v1/chat/completions', chat);
  await playOne(replica, 5, 1);
  expect((await third).status).toBe(200);
});

it('reserves the exact prompt and the answer up front, so that requests at once do not pass the limit', async () => {
  const clock = createFakeClock();
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, { clock, ...limited({ tokensPerMinute: 50 }) });
  const asked = Array.from({ length: 5 }, () => server.fetch('/v1/completions', prompt));
  let refused = 0;
  for (const each of asked) void each.then(({ status }) => (refused += status === 429 ? 1 : 0));
  const generations = [await replica.next(), await replica.next()];
  await eventually(() => refused === 3);
  for (const generation of generations) {
    generation.start(10);
    generation.say('x');
    generation.say('y');
    generation.finish();
  }
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([200, 200, 429, 429, 429]);
  // 2 × 12 of 50 were used: what was reserved beyond is back
  const next = server.fetch('/v1/completions', prompt);
  await playOne(replica, 10, 2);
  expect((await next).headers.get('x-ratelimit-remaining-tokens')).toBe('6');
});

it('tells in the headers of a failure what is left once it has given back what it held', async () => {
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, {
    clock: createFakeClock(),
    ...limited({ tokensPerMinute: 100 }),
  });
  const asked = server.fetch('/v1/completions', prompt);
  (await replica.next()).fail(new AppError('engine.crashed'));
  const { status, headers } = await asked;
  expect([status, headers.get('x-ratelimit-remaining-tokens')]).toEqual([503, '100']);
});

it('gives back what a client that went away had reserved, and its place', async () => {
  const clock = createFakeClock();
  const replica = createScriptedReplica();
  const tenant = { tokensPerMinute: 20, concurrency: 1 };
  await using server = await openGateway(replica, { clock, ...limited(tenant) });
  const leave = new AbortController();
  const asked = server.fetch('/v1/completions', { ...prompt, stream: true }, { signal: leave.signal });
  await replica.next();
  expect((await server.fetch('/v1/completions', prompt)).status).toBe(429);
  leave.abort();
  await expect(asked).rejects.toThrow();
  await eventually(() => isIdle(server) && replica.liveCount() === 0);
  const next = server.fetch('/v1/completions', prompt);
  await playOne(replica, 10, 1);
  expect((await next).status).toBe(200);
});

it('tells of every limit how much, how much of it is used, and when to come back', async () => {
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, {
    clock: createFakeClock(),
    ...limited({ concurrency: 1 }),
  });
  const asked = server.fetch('/v1/completions', prompt);
  const running = await replica.next();
  const refused = await server.fetch('/v1/completions', prompt);
  const body: unknown = await refused.json();
  running.start(10);
  running.finish();
  await asked;
  expect([refused.headers.get('retry-after'), body]).toEqual([
    '4',
    {
      error: expect.objectContaining({
        code: 'rate_limit_exceeded',
        scope: 'tenant',
        resource: 'concurrency',
        limit: 1,
        used: 1,
        resets_in_s: 4,
      }) as unknown,
    },
  ]);
});

it('charges every prompt of a request that is broken off, not its first alone', async () => {
  const replica = createScriptedReplica();
  const rows: UsageEntry[] = [];
  const ledger = (row: UsageEntry) => void rows.push(row);
  await using server = await openGateway(replica, { ...limited({ tokensPerMinute: 100 }), ledger });
  const leave = new AbortController();
  const body = { prompt: ['abcdefghij', 'klmnopqrst'], n: 2, max_tokens: 4, stream: true };
  const asked = server.fetch('/v1/completions', body, { signal: leave.signal });
  for (let choice = 0; choice < 4; choice += 1) {
    const generation = await replica.next();
    generation.start(10);
    generation.say('x');
  }
  await eventually(() => server.gateway.snapshot().requests[0]?.outputTokens === 4);
  leave.abort();
  await asked.then((reply) => reply.text()).catch(() => undefined);
  await eventually(() => rows.length === 1);
  expect(rows[0]).toMatchObject({ promptTokens: 20, outputTokens: 4, errorCode: 'app.cancelled' });
});

it('ends a stream by its length where the limit has no more tokens', async () => {
  const clock = createFakeClock();
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, { clock, ...limited({ tokensPerMinute: 15 }) });
  const stream = { stream: true, stream_options: { include_usage: true } };
  const asked = server.fetch('/v1/completions', { ...prompt, max_tokens: 100, ...stream });
  const generation = await replica.next();
  generation.start(10);
  for (let word = 0; word < 9; word += 1) generation.say('x');
  const text = await (await asked).text();
  expect(text.match(/"text":"x"/gu)).toHaveLength(5);
  // the engine had made 9 before it heard of the end
  expect(text).toContain('"completion_tokens":5,"total_tokens":15');
  expect(text).toContain('"finish_reason":"length"');
  expect(generation.signal.aborted).toBe(true);
});

it('charges tokens that are made and not told, as a stop string is, and never past the limit', async () => {
  const clock = createFakeClock();
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, { clock, ...limited({ tokensPerMinute: 15 }) });
  const answerOf = async (maxTokens: number, untold: number) => {
    const asked = server.fetch('/v1/completions', { prompt: 'ab', max_tokens: maxTokens });
    const generation = await replica.next();
    generation.start(2);
    generation.say('x');
    generation.push({
      type: 'finished',
      reason: 'stop',
      usage: { promptTokens: 2, cachedTokens: 0, outputTokens: 1 + untold, reasoningTokens: 0 },
      timings: { queueMs: 0, prefillMs: 1, decodeMs: 1 },
    });
    const { usage } = (await (await asked).json()) as { usage: { total_tokens: number } };
    return usage.total_tokens;
  };
  expect(await answerOf(1, 5)).toBe(8);
  expect(await answerOf(1, 5)).toBe(3); // 7 are left: not for all of them
  const [tokens] = server.gateway.limitStates([
    { id: 'tenant/default/tokens', scope: 'tenant', resource: 'tokens', limit: 15 },
  ]);
  expect(tokens?.remaining).toBe(4);
});

it('refuses a prompt that no wait would let through', async () => {
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, {
    clock: createFakeClock(),
    ...limited({ tokensPerMinute: 9 }),
  });
  expect(await codeOf(await server.fetch('/v1/completions', prompt))).toEqual([
    413,
    'payload_too_large',
    'invalid_request_error',
  ]);
});

it('knows after a restart what was used before', async () => {
  const clock = createFakeClock();
  const world = limited({ requestsPerMinute: 1 });
  const replica = createScriptedReplica();
  {
    await using server = await openGateway(replica, { clock, ...world });
    const asked = server.fetch('/v1/chat/completions', chat);
    await playOne(replica, 5, 1);
    await asked;
  }
  expect(world.kept()).toHaveLength(1);
  await using server = await openGateway(replica, { clock, ...world });
  expect((await server.fetch('/v1/chat/completions', chat)).status).toBe(429);
});

it('burns nothing of any limit by what the queue refuses', async () => {
  const replica = createScriptedReplica({ facts: { slots: 1 } });
  const world = limited({ requestsPerMinute: 3, tokensPerMinute: 100, concurrency: 5 });
  await using server = await openGateway(replica, { clock: createFakeClock(), ...world, queueLimit: 0 });
  const running = server.fetch('/v1/completions', prompt);
  const generation = await replica.next();
  const left: unknown[] = [];
  for (let each = 0; each < 5; each += 1) {
    const refused = await server.fetch('/v1/completions', prompt);
    const [requests, tokens] = ['requests', 'tokens'].map((resource) =>
      refused.headers.get(`x-ratelimit-remaining-${resource}`),
    );
    left.push([...(await codeOf(refused)), requests, tokens]);
  }
  generation.start(10);
  generation.finish();
  await running;
  expect(left).toEqual(Array(5).fill([503, 'queue_full', 'server_error', '2', '76']));
});

it('leaves one row in the ledger for each request: whole, aborted, and refused', async () => {
  const rows: UsageEntry[] = [];
  const replica = createScriptedReplica();
  const ledger = (row: UsageEntry) => void rows.push(row);
  await using server = await openGateway(replica, { ...limited({ requestsPerMinute: 2 }), ledger });
  const asked = server.fetch('/v1/completions', { ...prompt, stream: true });
  await playOne(replica, 10, 3);
  await (await asked).text();
  const leave = new AbortController();
  const left = server.fetch('/v1/completions', prompt, { signal: leave.signal });
  const generation = await replica.next();
  generation.start(10);
  generation.say('x');
  await eventually(() => server.changes.at(-1)?.phase === 'decode');
  leave.abort();
  await expect(left).rejects.toThrow();
  await eventually(() => rows.length === 2);
  await server.fetch('/v1/completions', prompt);
  await server.fetch('/v1/completions', { prompt: 7 });
  await eventually(() => rows.length === 4);
  expect(
    rows.map((row) => [row.model, row.promptTokens, row.outputTokens, row.finishReason, row.errorCode]),
  ).toEqual([
    ['demo', 10, 3, 'stop', null],
    ['demo', 10, 1, null, 'app.cancelled'],
    ['demo', 0, 0, null, 'gateway.rate-limited'],
    ['', 0, 0, null, 'gateway.invalid-value'],
  ]);
  expect(new Set(rows.map(({ requestId }) => requestId)).size).toBe(4);
});

it('asks the engine for the length of a prompt only where there is not room for the longest it can be', async () => {
  const counted: string[] = [];
  const replica = createScriptedReplica();
  const counting: ScriptedReplica = {
    ...replica,
    tokenize: (text) => {
      counted.push(text);
      return Promise.resolve([1, 2]);
    },
  };
  const clock = createFakeClock();
  await using server = await openGateway(counting, { clock, ...limited({ tokensPerMinute: 60 }) });
  const ask = () => server.fetch('/v1/completions', { ...prompt, prompt: 'x'.repeat(40), max_tokens: 4 });
  const first = ask();
  const generation = await replica.next();
  generation.start(2);
  generation.say('x');
  await eventually(() => server.changes.at(-1)?.phase === 'decode');
  // the engine has told 2 of at most 44: the rest is there for others
  const second = ask();
  const other = await replica.next();
  expect(counted).toEqual([]);
  other.start(2);
  generation.finish();
  other.finish();
  // each holds 2 of its prompt and 4 of its answer as the reply starts
  const { headers } = await first;
  expect([headers.get('x-ratelimit-remaining-tokens'), (await second).status]).toEqual(['48', 200]);
  // 57 are left, but not for 44 + 16
  const third = server.fetch('/v1/completions', { ...prompt, prompt: 'x'.repeat(60), max_tokens: 4 });
  await playOne(replica, 2, 1);
  expect([(await third).status, counted.length]).toEqual([200, 1]);
});

it('counts a prompt that must wait, so that it does not hold more than it needs all the while', async () => {
  const replica = createScriptedReplica();
  const counting: ScriptedReplica = { ...replica, tokenize: () => Promise.resolve([1, 2]) };
  await using server = await openGateway(counting, {
    clock: createFakeClock(),
    ...limited({ tokensPerMinute: 500 }),
  });
  const remaining = () =>
    server.gateway.limitStates([
      { id: 'tenant/default/tokens', scope: 'tenant', resource: 'tokens', limit: 500 },
    ])[0]?.remaining;
  const ask = () => server.fetch('/v1/completions', { ...prompt, prompt: 'x'.repeat(40), max_tokens: 4 });
  const asked: Promise<Response>[] = [];
  for (let each = 0; server.gateway.snapshot().queued === 0; each += 1) {
    asked.push(ask());
    await eventually(() => {
      const { running, queued } = server.gateway.snapshot();
      return running + queued === each + 1;
    });
  }
  const running = asked.length - 1;
  await eventually(() => remaining() === 500 - running * (44 + 4) - (2 + 4));
  for (const _each of asked) await playOne(replica, 2, 1);
  await Promise.all(asked);
  await eventually(() => remaining() === 500 - 3 * asked.length);
});

it('ends a request whose prompt is longer than it can be, before it passes the limit', async () => {
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, {
    clock: createFakeClock(),
    ...limited({ tokensPerMinute: 60 }),
  });
  const asked = server.fetch('/v1/completions', prompt);
  const generation = await replica.next();
  generation.start(70);
  expect(await codeOf(await asked)).toEqual([429, 'rate_limit_exceeded', 'rate_limit_error']);
  expect(generation.signal.aborted).toBe(true);
});

it('reserves what ranking by embeddings reads, each text once, and gives it back when the client goes away', async () => {
  const scripted = createScriptedReplica({ facts: { ranking: 'embeddings' } });
  const begun = Promise.withResolvers<AbortSignal>();
  let asked = 0;
  const replica: ScriptedReplica = {
    ...scripted,
    rank: async (_query, documents, signal) => {
      asked += 1;
      if (asked > 1) return { scores: documents.map(() => 0), promptTokens: 6 };
      begun.resolve(signal);
      await once(signal, 'abort');
      throw new AppError('app.cancelled');
    },
  };
  const tenant = { tokensPerMinute: 20, concurrency: 1 };
  await using server = await openGateway(replica, { clock: createFakeClock(), ...limited(tenant) });
  // one token a letter, and up to 4 marks around each of the three texts: 18
  const body = { query: 'abc', documents: ['de', 'f'] };
  const leave = new AbortController();
  const first = server.fetch('/v1/rerank', body, { signal: leave.signal });
  const signal = await begun.promise;
  expect((await server.fetch('/v1/rerank', body)).status).toBe(429);
  leave.abort();
  await expect(first).rejects.toThrow();
  await eventually(() => isIdle(server) && signal.aborted);
  const next = await server.fetch('/v1/rerank', body);
  expect([next.status, next.headers.get('x-ratelimit-remaining-tokens')]).toEqual([200, '2']);
  await eventually(() => isIdle(server));
  // 6 were charged, and 10 are held now
  const small = await server.fetch('/v1/rerank', { query: 'a', documents: ['b'] });
  expect([small.status, small.headers.get('x-ratelimit-remaining-tokens')]).toEqual([200, '4']);
  await eventually(() => isIdle(server));
  expect((await server.fetch('/v1/rerank', { query: 'a'.repeat(12), documents: ['b'] })).status).toBe(413);
});
