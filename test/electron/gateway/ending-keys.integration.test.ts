import { once } from 'node:events';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { noLimits } from '../../../shared/contract/limits.ts';
import { eventually } from '../../support/eventually.ts';
import { keyWish, openAccessWorld } from '../../support/open-access-world.ts';
import { isIdle, openGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica } from '../../support/scripted-replica.ts';

const DAY = 86_400_000;
const messages = [{ role: 'user', content: 'Hi' }];
const closeSchema = z.tuple([z.number(), z.instanceof(Buffer)]);

/** A real server with the real keys of a data folder, whose days go by at will. */
const openServer = async (keyGiven: object = {}) => {
  const scope = new AsyncDisposableStack();
  const world = scope.use(await openAccessWorld());
  world.tenants.create(hostActor, { id: 'research', name: 'Research', limits: noLimits });
  const { secret, key } = world.keys.create(hostActor, keyWish({ tenantId: 'research', ...keyGiven }));
  const replica = createScriptedReplica({ facts: { slots: 4 } });
  const server = scope.use(await openGateway(replica, { keys: world.ring }));
  const headers = { authorization: `Bearer ${secret}` };
  return {
    world,
    server,
    replica,
    keyId: key.id,
    ask: (path: string, body?: unknown) => server.fetch(path, body, { headers }),
    /** An answer that has begun, over HTTP. */
    stream: async () => {
      const asked = server.fetch('/v1/chat/completions', { messages, stream: true }, { headers });
      const generation = await replica.next();
      generation.start();
      generation.say('Hel');
      return { generation, reply: await asked };
    },
    socket: async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/chat/completions`, { headers });
      const said: string[] = [];
      socket.on('message', (data: Buffer) => said.push(data.toString('utf8')));
      await once(socket, 'open');
      return { socket, said };
    },
    [Symbol.asyncDispose]: () => scope.disposeAsync(),
  };
};

it('ends the stream and the WebSocket of a suspended tenant within a second, whichever process suspends, and says why', async () => {
  await using opened = await openServer();
  const { world, server } = opened;
  const { generation, reply } = await opened.stream();
  const { socket, said } = await opened.socket();
  socket.send(JSON.stringify({ messages }));
  const other = await opened.replica.next();
  other.start();
  other.say('Hel');
  await eventually(() => said.length > 0);

  const closed = once(socket, 'close');
  (await world.again()).standings.suspend(hostActor, 'research', 'unpaid invoice');
  await world.clock.advance(500); // the time of the watch over other processes, half of what is promised
  const text = await reply.text();
  expect([text.includes('"code":"tenant_suspended"'), text.includes('unpaid invoice')]).toEqual([true, true]);
  expect(text).not.toContain('[DONE]');
  const [code, reason] = closeSchema.parse(await closed);
  expect([code, reason.toString()]).toEqual([1008, expect.stringContaining('suspended')]);
  expect(said.at(-1)).toContain('"code":"tenant_suspended"');
  await eventually(() => generation.signal.aborted && other.signal.aborted && isIdle(server));
  expect((await opened.ask('/v1/models')).status).toBe(403);
});

it('ends what a key is being given when the key reaches its maximum age, with nobody revoking it', async () => {
  await using opened = await openServer({
    rotation: { maxAgeMs: 7 * DAY, maxIdleMs: null, isAutomatic: false },
  });
  const { generation, reply } = await opened.stream();
  const { socket } = await opened.socket();
  const closed = once(socket, 'close');
  opened.world.later(7 * DAY);
  await opened.world.clock.advance(500);
  expect(await reply.text()).toContain('"code":"key_expired"');
  expect(closeSchema.parse(await closed)[0]).toBe(1008);
  await eventually(() => generation.signal.aborted && isIdle(opened.server));
});

it('asks for the key again with every message of a connection: a use keeps it, its rights may have changed', async () => {
  await using opened = await openServer({
    rotation: { maxAgeMs: null, maxIdleMs: DAY, isAutomatic: false },
  });
  const { world, keyId } = opened;
  const { socket, said } = await opened.socket();
  const say = async (): Promise<void> => {
    const before = said.length;
    socket.send(JSON.stringify({ messages }));
    const generation = await opened.replica.next();
    generation.start();
    generation.say('Hello');
    generation.finish();
    await eventually(() => said.slice(before).includes('[DONE]'));
  };
  for (let turn = 0; turn < 2; turn += 1) {
    world.later(DAY - 1000);
    await say(); // two almost idle days, and each message counts as a use
  }
  world.keys.update(hostActor, { id: keyId, models: ['another'] });
  socket.send(JSON.stringify({ messages }));
  await eventually(() => said.at(-1)?.includes('model_not_allowed') === true);
  world.later(DAY);
  socket.send(JSON.stringify({ messages }));
  await eventually(() => said.at(-1)?.includes('key_expired') === true);
  socket.terminate();
});

it('warns in the headers of every reply in the last week of a key and through its grace, and not before', async () => {
  await using opened = await openServer({ expiresInMs: 90 * DAY });
  const { world, keyId } = opened;
  const noticeOf = async () => {
    const { headers } = await opened.ask('/v1/models');
    return [headers.get('x-dyno-key-expires'), headers.get('x-dyno-key-warning')];
  };
  expect(await noticeOf()).toEqual([null, null]);
  world.later(84 * DAY);
  const { expiresAtMs } = world.keys.get(hostActor, keyId);
  expect(await noticeOf()).toEqual([
    new Date(expiresAtMs ?? 0).toISOString(),
    `expires soon; dyno keys rotate ${keyId}`,
  ]);
  const { key: successor } = await world.keys.rotate(hostActor, keyId);
  const { graceUntilMs } = world.keys.get(hostActor, keyId);
  expect(await noticeOf()).toEqual([
    new Date(graceUntilMs ?? 0).toISOString(),
    `rotated; use its successor ${successor.id}`,
  ]);
  world.later(DAY);
  expect((await opened.ask('/v1/models')).status).toBe(401);
});
