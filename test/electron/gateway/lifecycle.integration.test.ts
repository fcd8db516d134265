import { expect, it } from 'vitest';
import { createSingleKey, type KeyRing } from '../../../electron/gateway/index.ts';
import { createNodeClock } from '../../../electron/platform/node/clock.ts';
import { createNodeRandom } from '../../../electron/platform/node/random.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeFacts } from '../../support/fake-engine.ts';
import { eventually } from '../../support/eventually.ts';
import { isIdle, openGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica } from '../../support/scripted-replica.ts';
import { tenantLimits } from '../../support/tenant-limits.ts';

const chat = { messages: [{ role: 'user', content: 'Hi' }] };
const stream = { ...chat, stream: true };

const codeOf = async (reply: Response) => {
  const { error } = (await reply.json()) as { error: { code: string } };
  return [reply.status, error.code];
};

it('stops a request whose client goes away before the first token', async () => {
  const replica = createScriptedReplica();
  await using server = await openGateway(replica);
  const leave = new AbortController();
  const asked = server.fetch('/v1/chat/completions', chat, { signal: leave.signal });
  const generation = await replica.next();
  leave.abort();
  await expect(asked).rejects.toThrow();
  await eventually(() => generation.signal.aborted && replica.liveCount() === 0 && isIdle(server));
  await eventually(() => server.changes.at(-1)?.phase === 'cancelled');
});

it('lets a client leave the queue without ever reaching the engine', async () => {
  const replica = createScriptedReplica({ facts: { slots: 1 } });
  await using server = await openGateway(replica);
  const first = server.fetch('/v1/chat/completions', chat);
  const generation = await replica.next();
  const leave = new AbortController();
  const second = server.fetch('/v1/chat/completions', chat, { signal: leave.signal });
  await eventually(() => server.gateway.snapshot().queued === 1);
  leave.abort();
  await expect(second).rejects.toThrow();
  await eventually(() => server.gateway.snapshot().queued === 0);
  expect(server.changes.at(-1)).toMatchObject({ phase: 'cancelled', errorCode: 'app.cancelled' });
  generation.start();
  generation.finish();
  expect((await first).status).toBe(200);
  expect([replica.liveCount(), isIdle(server)]).toEqual([0, true]);
});

it('stops a stream whose client goes away, and gives its slot to the next', async () => {
  const replica = createScriptedReplica({ facts: { slots: 1 } });
  await using server = await openGateway(replica);
  const leave = new AbortController();
  const asked = server.fetch('/v1/chat/completions', { ...stream, n: 2 }, { signal: leave.signal });
  const generation = await replica.next();
  generation.start();
  generation.say('x');
  const reader = (await asked).body?.getReader();
  await reader?.read();
  const next = server.fetch('/v1/chat/completions', chat);
  await eventually(() => server.gateway.snapshot().queued === 2);
  leave.abort();
  const second = await replica.next();
  expect(generation.signal.aborted).toBe(true);
  second.start();
  second.finish();
  expect((await next).status).toBe(200);
  await eventually(() => isIdle(server));
});

it('refuses who finds the queue full with 503 and Retry-After, and burns nothing', async () => {
  const replica = createScriptedReplica({ facts: { slots: 1 } });
  await using server = await openGateway(replica, { queueLimit: 1 });
  const running = server.fetch('/v1/chat/completions', chat);
  const generation = await replica.next();
  const waiting = server.fetch('/v1/chat/completions', chat);
  await eventually(() => server.gateway.snapshot().queued === 1);
  const refused = await server.fetch('/v1/chat/completions', chat);
  expect(await codeOf(refused)).toEqual([503, 'queue_full']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(server.gateway.snapshot()).toMatchObject({ running: 1, queued: 1 });
  generation.start();
  generation.finish();
  expect((await running).status).toBe(200);
  const last = await replica.next();
  last.start();
  last.finish();
  expect((await waiting).status).toBe(200);
  expect(isIdle(server)).toBe(true);
});

it('costs those in flight an error when the engine crashes, and lets those behind them wait for its return', async () => {
  const replica = createScriptedReplica({ facts: { slots: 1 } });
  await using server = await openGateway(replica);
  const running = server.fetch('/v1/chat/completions', chat);
  const generation = await replica.next();
  const waiting = server.fetch('/v1/chat/completions', chat);
  await eventually(() => server.gateway.snapshot().queued === 1);
  const crash = new AppError('engine.crashed', 'It crashed.');
  replica.setState({ type: 'restarting', attempt: 1, inMs: 500, error: crash.toPayload() });
  generation.fail(crash);
  const failed = await running;
  expect(failed.headers.get('retry-after')).toBe('1');
  expect(await codeOf(failed)).toEqual([503, 'replica_crashed']);
  expect(server.gateway.snapshot()).toMatchObject({ running: 0, queued: 1 });
  replica.setState({ type: 'ready', facts: createFakeFacts({ slots: 1 }) });
  const after = await replica.next();
  after.start();
  after.finish();
  expect((await waiting).status).toBe(200);
});

it('refuses those who wait when the engine will not come back, with its reason', async () => {
  const replica = createScriptedReplica({ facts: { slots: 1 } });
  await using server = await openGateway(replica);
  const running = server.fetch('/v1/chat/completions', chat);
  const generation = await replica.next();
  const waiting = server.fetch('/v1/chat/completions', chat);
  await eventually(() => server.gateway.snapshot().queued === 1);
  generation.fail(new AppError('engine.crashed'));
  replica.setState({ type: 'failed', error: new AppError('engine.marked-bad').toPayload() });
  expect((await codeOf(await waiting))[1]).toBe('model_marked_bad');
  expect((await codeOf(await running))[1]).toBe('replica_crashed');
  expect((await codeOf(await server.fetch('/v1/chat/completions', chat)))[1]).toBe('model_marked_bad');
  expect(isIdle(server)).toBe(true);
});

it("ends a request at its owner's word, and one that passes its deadline", async () => {
  const clock = createFakeClock();
  const replica = createScriptedReplica();
  await using server = await openGateway(replica, { clock, deadlineMs: 60_000 });
  const cancelled = server.fetch('/v1/chat/completions', chat);
  await replica.next();
  const id = server.gateway.snapshot().requests[0]?.id ?? '';
  expect(server.gateway.cancel(id)).toBe(true);
  expect(await codeOf(await cancelled)).toEqual([499, 'cancelled']);
  expect(server.gateway.cancel(id)).toBe(false);
  const slow = server.fetch('/v1/chat/completions', chat);
  await replica.next();
  await clock.advance(60_000);
  expect(await codeOf(await slow)).toEqual([504, 'deadline_exceeded']);
  expect(isIdle(server)).toBe(true);
});

it('keeps a silent stream alive with comments: while it waits and while the prompt is read', async () => {
  const clock = createFakeClock();
  const replica = createScriptedReplica({ facts: { slots: 1 } });
  await using server = await openGateway(replica, { clock });
  void server.fetch('/v1/chat/completions', chat).catch(() => undefined);
  const first = await replica.next();
  const asked = server.fetch('/v1/chat/completions', stream);
  await eventually(() => server.gateway.snapshot().queued === 1);
  await clock.advance(5000);
  const reply = await asked; // the head came with the first comment
  first.start();
  first.finish();
  const second = await replica.next();
  second.start();
  await clock.advance(5000);
  second.say('x');
  second.finish();
  expect(await reply.text()).toMatch(/^: waiting\n\n: waiting\n\ndata: /u);
});

it('tells the phases of a request in order', async () => {
  const replica = createScriptedReplica();
  await using server = await openGateway(replica);
  const asked = server.fetch('/v1/chat/completions', chat);
  const generation = await replica.next();
  generation.start(7, 2);
  generation.say('a');
  generation.say('b');
  generation.finish();
  await asked;
  expect(server.changes.map(({ phase }) => phase)).toEqual(['queued', 'prefill', 'decode', 'done']);
  expect(server.changes.at(-1)).toMatchObject({
    route: '/v1/chat/completions',
    model: 'demo',
    keyName: 'test',
    status: 200,
    promptTokens: 7,
    cachedTokens: 2,
    outputTokens: 2,
    finishReason: 'stop',
    errorCode: null,
    degraded: [],
  });
  await server.fetch('/v1/chat/completions', {});
  expect(server.changes.at(-1)).toMatchObject({
    phase: 'failed',
    status: 400,
    errorCode: 'gateway.invalid-value',
  });
  expect(server.gateway.snapshot().totals).toEqual({
    requests: 2,
    errors: 1,
    promptTokens: 7,
    outputTokens: 2,
  });
});

it('stops in grace: those in work finish, those who wait and who come are refused', async () => {
  const replica = createScriptedReplica({ facts: { slots: 1 } });
  await using server = await openGateway(replica);
  const running = server.fetch('/v1/chat/completions', chat);
  const generation = await replica.next();
  const waiting = server.fetch('/v1/chat/completions', chat);
  await eventually(() => server.gateway.snapshot().queued === 1);
  const closed = server.gateway.close({ graceMs: 60_000 });
  expect(await codeOf(await waiting)).toEqual([503, 'server_stopping']);
  expect(await codeOf(await server.fetch('/v1/models'))).toEqual([503, 'server_stopping']);
  generation.start();
  generation.finish();
  expect((await running).status).toBe(200);
  await closed;
  await expect(server.fetch('/health')).rejects.toThrow();
});

it('refuses at once, when it stops, who came back as told and waits for a limit or for a model that loads', async () => {
  const clock = createFakeClock();
  const replica = createScriptedReplica({ facts: { slots: 4 } });
  await using server = await openGateway(replica, { clock, limits: tenantLimits({ concurrency: 1 }) });
  const running = server.fetch('/v1/chat/completions', chat);
  const generation = await replica.next();
  const refused = await server.fetch('/v1/chat/completions', chat);
  await clock.advance(Number(refused.headers.get('retry-after')) * 1000);
  const waiting = server.fetch('/v1/chat/completions', chat);
  const waits = () => server.changes.filter(({ degraded }) => degraded.includes('queue')).length;
  await eventually(() => waits() > 0);
  const closed = server.gateway.close({ graceMs: 60_000 });
  expect(await codeOf(await waiting)).toEqual([503, 'server_stopping']);
  generation.start();
  generation.finish();
  expect((await running).status).toBe(200);
  await closed;

  const loading = createScriptedReplica();
  loading.setState({ type: 'loading', fraction: 0.5 });
  await using other = await openGateway(loading, { clock });
  const ask = () => other.fetch('/tokenize', { content: 'hello' });
  await ask();
  await clock.advance(1000);
  const asked = ask();
  await eventually(() => other.changes.some(({ degraded }) => degraded.includes('queue')));
  void other.gateway.close({ graceMs: 60_000 });
  expect(await codeOf(await asked)).toEqual([503, 'server_stopping']);
});

it('ends a stream that outlives the grace with an error event', async () => {
  const replica = createScriptedReplica();
  await using server = await openGateway(replica);
  const asked = server.fetch('/v1/chat/completions', stream);
  const generation = await replica.next();
  generation.start();
  generation.say('x');
  const reply = await asked;
  const text = reply.text();
  await server.gateway.close({ graceMs: 0 });
  expect(await text).toContain('"code":"server_stopping"');
  expect(replica.liveCount()).toBe(0);
});

it('refuses a port that is taken, and says so', async () => {
  const replica = createScriptedReplica();
  await using server = await openGateway(replica);
  await expect(openGateway(replica, { port: server.port })).rejects.toMatchObject({
    code: 'app.port-in-use',
  });
});

it('serves on when the one who listens to its events fails', async () => {
  const replica = createScriptedReplica();
  const onRequestChange = () => {
    throw new AppError('storage.disk-full');
  };
  await using server = await openGateway(replica, { onRequestChange });
  const asked = server.fetch('/v1/chat/completions', chat);
  const generation = await replica.next();
  generation.start();
  generation.finish();
  expect((await asked).status).toBe(200);
  expect(server.log.lines.every(({ message }) => message === 'A request event could not be told.')).toBe(
    true,
  );
});

it('writes nothing for a token without text', async () => {
  const replica = createScriptedReplica();
  await using server = await openGateway(replica);
  const asked = server.fetch('/v1/chat/completions', stream);
  const generation = await replica.next();
  generation.start();
  generation.say('');
  generation.say('x');
  generation.finish();
  const text = await (await asked).text();
  expect(text.match(/"delta":\{"content":/gu)).toHaveLength(1);
  expect(server.changes.at(-1)?.outputTokens).toBe(2);
});

it('ends the stream of a key within a second of its revocation, and frees the slot', async () => {
  const replica = createScriptedReplica({ facts: { slots: 1 } });
  const watchers = new Set<() => void>();
  const { secret, ring } = createSingleKey('laptop', {
    random: createNodeRandom(),
    clock: createNodeClock(),
  });
  const ends: AppError[] = [];
  const keys: KeyRing = {
    verify: ring.verify,
    again: ring.again,
    endOf: () => ends[0],
    onChange: (act) => {
      watchers.add(act);
      return { [Symbol.dispose]: () => void watchers.delete(act) };
    },
  };
  await using server = await openGateway(replica, { keys });
  const asked = server.fetch('/v1/chat/completions', stream, {
    headers: { 'x-api-key': secret, authorization: `Bearer ${secret}` },
  });
  const generation = await replica.next();
  generation.start();
  generation.say('x');
  const reply = await asked;
  ends.push(new AppError('gateway.invalid-api-key', 'The API key was revoked.'));
  for (const act of watchers) act();
  const text = await reply.text();
  expect(text).toContain('"code":"invalid_api_key"');
  expect(text).not.toContain('[DONE]');
  await eventually(() => generation.signal.aborted && replica.liveCount() === 0 && isIdle(server));
});
