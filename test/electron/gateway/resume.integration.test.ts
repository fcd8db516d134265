import { expect, it } from 'vitest';
import { createSingleKey } from '../../../electron/gateway/auth/single-key.ts';
import type { KeyRing } from '../../../electron/gateway/auth/key-ring.ts';
import { createNodeClock } from '../../../electron/platform/node/clock.ts';
import { createNodeRandom } from '../../../electron/platform/node/random.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { eventually } from '../../support/eventually.ts';
import { isIdle, openGateway, type OpenGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica, type ScriptedReplica } from '../../support/scripted-replica.ts';

type Server = OpenGateway & { readonly replica: ScriptedReplica };
const open = async (options: Parameters<typeof openGateway>[1] = {}): Promise<Server> => {
  const replica = createScriptedReplica();
  return { ...(await openGateway(replica, options)), replica };
};
const body = { messages: [{ role: 'user', content: 'Hi' }], stream: true };
const resumable = { 'x-dyno-resumable': 'true' };

/** A stream that was read up to its first word and then left. */
const leaveMidway = async (server: Server, headers: Record<string, string> = {}) => {
  const leave = new AbortController();
  const asked = server.fetch('/v1/chat/completions', body, {
    headers: { ...resumable, ...headers },
    signal: leave.signal,
  });
  const generation = await server.replica.next();
  generation.start();
  generation.say('Hel');
  const response = await asked;
  const reader = response.body?.getReader();
  const first = new TextDecoder().decode((await reader?.read())?.value);
  leave.abort();
  return { generation, first, streamId: response.headers.get('x-dyno-stream-id') ?? '' };
};
const idsOf = (text: string): readonly number[] =>
  [...text.matchAll(/^id: (\d+)$/gmu)].map(([, id]) => Number(id));

it('goes on where a broken connection left off, live and without a gap', async () => {
  await using server = await open();
  const { generation, first, streamId } = await leaveMidway(server);
  expect(streamId).toMatch(/^strm_[\w-]{32}$/u);
  expect(idsOf(first)).toEqual([1, 2]);
  generation.say('lo');
  const again = await server.fetch(`/v1/streams/${streamId}`, undefined, {
    headers: { 'last-event-id': '1' },
  });
  generation.say('!');
  generation.finish();
  const rest = await again.text();
  expect(idsOf(rest)).toEqual([2, 3, 4, 5, 6]);
  expect([...rest.matchAll(/"content":"([^"]+)"/gu)].map(([, text]) => text)).toEqual(['Hel', 'lo', '!']);
  expect(rest.endsWith('data: [DONE]\n\n')).toBe(true);
  const whole = await (await server.fetch(`/v1/streams/${streamId}`)).text();
  expect(idsOf(whole)).toEqual([1, 2, 3, 4, 5, 6]);
});

it('cannot go on with lines of JSON, and keeps a whole reply as one event', async () => {
  await using server = await open();
  const headers = resumable;
  const ask = async (path: string, rest: object) => {
    const asked = server.fetch(path, { model: 'demo', ...body, ...rest }, { headers });
    const generation = await server.replica.next();
    generation.start();
    generation.say('Hello');
    generation.finish();
    const reply = await asked;
    await reply.text();
    return server.fetch(`/v1/streams/${reply.headers.get('x-dyno-stream-id') ?? ''}`);
  };
  expect((await ask('/api/chat', {})).status).toBe(404);
  expect(await (await ask('/v1/chat/completions', { stream: false })).text()).toMatch(/^id: 1\ndata: \{/u);
});

it('gives up an answer nobody comes back for', async () => {
  const clock = createFakeClock();
  await using server = await open({ clock });
  const { generation, streamId } = await leaveMidway(server);
  for (let second = 0; second < 62 && !generation.signal.aborted; second += 1) {
    await clock.advance(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await eventually(() => generation.signal.aborted && isIdle(server));
  expect((await server.fetch(`/v1/streams/${streamId}`)).status).toBe(404);
});

it("keeps other keys' streams out of reach, and says no more of them than of none", async () => {
  const ports = { random: createNodeRandom(), clock: createNodeClock() };
  const [mine, theirs] = [createSingleKey('mine', ports), createSingleKey('theirs', ports)];
  const keys: KeyRing = {
    ...mine.ring,
    verify: (key) => mine.ring.verify(key) ?? theirs.ring.verify(key),
    endOf: () => undefined,
  };
  await using server = await open({ keys });
  const own = { authorization: `Bearer ${mine.secret}` };
  const { generation, streamId } = await leaveMidway(server, own);
  const foreign = { headers: { authorization: `Bearer ${theirs.secret}` } };
  const refused = await server.fetch(`/v1/streams/${streamId}`, undefined, foreign);
  const none = await server.fetch('/v1/streams/strm_none', undefined, foreign);
  expect([refused.status, await refused.json()]).toEqual([none.status, await none.json()]);
  generation.finish();
});

it('tells who comes back late what went wrong', async () => {
  await using server = await open();
  const { generation, streamId } = await leaveMidway(server);
  const id = server.changes.at(-1)?.id ?? '';
  server.gateway.cancel(id);
  await eventually(() => generation.signal.aborted && isIdle(server));
  const rest = await (await server.fetch(`/v1/streams/${streamId}`)).text();
  expect(rest).toContain('event: error');
  expect(rest).not.toContain('[DONE]');
  const wrong = { headers: { 'last-event-id': '-1' } };
  expect((await server.fetch(`/v1/streams/${streamId}`, undefined, wrong)).status).toBe(400);
  const head = await fetch(`http://127.0.0.1:${server.port}/v1/streams/${streamId}`, { method: 'HEAD' });
  expect([head.status, head.headers.get('allow')]).toEqual([405, 'GET']);
});
