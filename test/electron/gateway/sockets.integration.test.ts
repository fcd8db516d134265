import { once } from 'node:events';
import OpenAI from 'openai';
import { ResponsesWS } from 'openai/resources/responses/ws';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { KeyRing } from '../../../electron/gateway/auth/key-ring.ts';
import { createSingleKey } from '../../../electron/gateway/auth/single-key.ts';
import { createNodeClock } from '../../../electron/platform/node/clock.ts';
import { createNodeRandom } from '../../../electron/platform/node/random.ts';
import type { Clock } from '../../../electron/platform/ports.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { eventually } from '../../support/eventually.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { isIdle, openGateway, type OpenGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica, type ScriptedReplica } from '../../support/scripted-replica.ts';

const eventSchema = z.looseObject({ type: z.string().optional() });
type Server = OpenGateway & { readonly replica: ScriptedReplica };

const open = async (given: { queueLimit?: number; slots?: number; clock?: Clock } = {}): Promise<Server> => {
  const { slots, ...options } = given;
  const replica = createScriptedReplica(slots === undefined ? {} : { facts: { slots } });
  return { ...(await openGateway(replica, options)), replica };
};

/** A connection and what came over it, in order. */
const connect = async (server: Server, path: string, headers: Record<string, string> = {}) => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, {
    headers: { authorization: `Bearer ${server.apiKey}`, ...headers },
  });
  const messages: string[] = [];
  socket.on('message', (data: Buffer) => messages.push(data.toString('utf8')));
  await once(socket, 'open');
  return {
    socket,
    messages,
    events: () => messages.map((text) => eventSchema.parse(text === '[DONE]' ? {} : JSON.parse(text))),
    send: (value: unknown) => socket.send(typeof value === 'string' ? value : JSON.stringify(value)),
    [Symbol.dispose]: () => socket.terminate(),
  };
};
const create = (rest: object = {}) => ({ type: 'response.create', input: 'Hi', ...rest });
const answer = async (server: Server, text: string): Promise<unknown> => {
  const generation = await server.replica.next();
  generation.start(9, 3);
  generation.say(text);
  generation.finish();
  return generation.request.prompt;
};

it('answers response.create with the events of the Responses API, turn after turn', async () => {
  await using server = await open();
  using client = await connect(server, '/v1/responses');
  client.send(create({ store: false }));
  await answer(server, 'Hello');
  await eventually(() => client.events().at(-1)?.type === 'response.completed');
  expect(client.events().map(({ type }) => type)).toContain('response.output_text.delta');
  const last = z.object({ response: z.object({ id: z.string() }) }).parse(client.events().at(-1));
  client.send(create({ input: 'And?', previous_response_id: last.response.id }));
  expect(await answer(server, 'More')).toMatchObject({
    messages: [{ content: 'Hi' }, { role: 'assistant', content: 'Hello' }, { content: 'And?' }],
  });
  await eventually(() => client.events().filter(({ type }) => type === 'response.completed').length === 2);
});

it("is understood by openai's own WebSocket client", async () => {
  await using server = await open();
  const socket = new ResponsesWS(new OpenAI({ baseURL: server.url, apiKey: server.apiKey }));
  const types: string[] = [];
  socket.on('event', ({ type }) => types.push(type));
  socket.send({ type: 'response.create', model: 'demo', input: 'Hi' });
  await answer(server, 'Hello');
  await eventually(() => types.at(-1) === 'response.completed');
  expect(types.slice(0, 2)).toEqual(['response.created', 'response.in_progress']);
  socket.close();
});

it('streams chat chunks, then [DONE]', async () => {
  await using server = await open();
  using client = await connect(server, '/v1/chat/completions');
  client.send({ messages: [{ role: 'user', content: 'Hi' }] });
  await answer(server, 'Hello');
  await eventually(() => client.messages.at(-1) === '[DONE]');
  expect(JSON.parse(client.messages[1] ?? '')).toMatchObject({ choices: [{ delta: { content: 'Hello' } }] });
});

it('tells what is wrong with a message, and goes on', async () => {
  await using server = await open();
  using client = await connect(server, '/v1/responses');
  for (const wrong of ['{', { type: 'response.cancel' }, create({ stream: false }), create({ seed: 1 })])
    client.send(wrong);
  await eventually(() => client.messages.length === 4);
  expect(client.events()).toMatchObject([
    { type: 'error', status: 400, error: { code: 'invalid_json' } },
    { type: 'error', status: 400, error: { code: 'invalid_value', param: 'type' } },
    { type: 'error', status: 400, error: { code: 'invalid_value', param: 'stream' } },
    { type: 'error', status: 400, error: { code: 'unsupported_parameter', param: 'seed' } },
  ]);
  client.send(create());
  await answer(server, 'Hello');
  await eventually(() => client.events().at(-1)?.type === 'response.completed');
});

it('ends the answer when the client leaves, and gives back what was reserved', async () => {
  await using server = await open();
  using client = await connect(server, '/v1/responses');
  client.send(create());
  const generation = await server.replica.next();
  generation.start();
  generation.say('Hel');
  await eventually(() => client.messages.length > 3);
  client.socket.terminate();
  await eventually(() => generation.signal.aborted && isIdle(server));
  expect(server.changes.at(-1)?.phase).toBe('cancelled');
});

it('says what was adjusted before the answer, and when to come back with a refusal', async () => {
  await using server = await open({ queueLimit: 0, slots: 1 });
  using client = await connect(server, '/v1/responses');
  client.send(create({ reasoning: { summary: 'auto' } }));
  const running = await server.replica.next();
  running.start();
  running.say('Hi');
  await eventually(() => client.events().some(({ type }) => type === 'response.output_text.delta'));
  expect(client.events()[0]).toEqual({
    type: 'dyno.notice',
    request_id: expect.stringMatching(/^req_/u) as string,
    headers: { 'x-dyno-warning': expect.stringContaining('not summarised') as string },
    choices: [],
  });
  using other = await connect(server, '/v1/chat/completions');
  other.send({ messages: [{ role: 'user', content: 'Hi' }] });
  await eventually(() => other.messages.length === 1);
  expect(other.events()[0]).toMatchObject({
    status: 503,
    error: { code: 'queue_full' },
    headers: { 'retry-after': expect.stringMatching(/^\d+$/u) as string, 'x-dyno-degraded': 'refuse' },
  });
  running.finish();
});

it('takes text only, and drops a connection that no longer answers', async () => {
  const clock = createFakeClock();
  await using server = await open({ clock });
  using binary = await connect(server, '/v1/responses');
  binary.socket.send(Buffer.from('{}'));
  expect(await once(binary.socket, 'close')).toEqual([1003, Buffer.from('Send text messages.')]);
  const deaf = new WebSocket(`ws://127.0.0.1:${server.port}/v1/responses`, {
    headers: { authorization: `Bearer ${server.apiKey}` },
    autoPong: false,
  });
  await once(deaf, 'open');
  const closed = once(deaf, 'close');
  const pinged = once(deaf, 'ping');
  await clock.advance(30_000);
  await pinged;
  await clock.advance(30_000);
  expect((await closed)[0]).toBe(1006);
});

it('reads a chat body to the letter, a type that does not belong there included', async () => {
  await using server = await open();
  using client = await connect(server, '/v1/chat/completions');
  client.send({ type: 'chat', messages: [{ role: 'user', content: 'Hi' }] });
  await eventually(() => client.messages.length === 1);
  expect(client.events()[0]).toMatchObject({ error: { code: 'unsupported_parameter', param: 'type' } });
});

it('says an error in the middle of an answer as an event', async () => {
  await using server = await open();
  using client = await connect(server, '/v1/chat/completions');
  client.send({ messages: [{ role: 'user', content: 'Hi' }] });
  const generation = await server.replica.next();
  generation.start();
  generation.say('Hel');
  await eventually(() => client.messages.length > 0);
  server.gateway.cancel(server.changes.at(-1)?.id ?? '');
  await eventually(() => client.events().at(-1)?.type === 'error');
  expect(client.messages).not.toContain('[DONE]');
});

it.each([
  ['no key', '/v1/responses', { authorization: '' }, 401],
  ['a wrong key', '/v1/responses', { authorization: 'Bearer wrong' }, 401],
  ['two keys', '/v1/responses', { 'x-api-key': 'another' }, 401],
  ['a foreign page', '/v1/responses', { origin: 'http://evil.example' }, 403],
  ['a foreign host', '/v1/responses', { host: 'evil.example' }, 403],
  ['another address', '/v1/embeddings', {}, 404],
])('does not open for %s', async (_, path, headers, status) => {
  await using server = await open();
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, {
    headers: { authorization: `Bearer ${server.apiKey}`, ...headers },
  });
  const [error] = z.tuple([z.instanceof(Error)]).parse(await once(socket, 'error'));
  expect(error.message).toContain(String(status));
});

it('takes the key from a subprotocol, as browsers must send it, and answers with the other', async () => {
  await using server = await open();
  const protocols = ['realtime', `openai-insecure-api-key.${server.apiKey}`];
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/responses`, protocols);
  await once(socket, 'open');
  expect(socket.protocol).toBe('realtime');
  socket.terminate();
});

it('has 16 connections for a key, and room again when one goes', async () => {
  await using server = await open();
  const clients = await Promise.all(Array.from({ length: 16 }, () => connect(server, '/v1/responses')));
  const url = `ws://127.0.0.1:${server.port}/v1/responses`;
  const headers = { authorization: `Bearer ${server.apiKey}` };
  const [code] = z
    .tuple([z.number()])
    .rest(z.unknown())
    .parse(await once(new WebSocket(url, { headers }), 'close'));
  expect(code).toBe(1013);
  clients[0]?.socket.close();
  await eventually(() => clients[0]?.socket.readyState === WebSocket.CLOSED);
  using last = await connect(server, '/v1/responses');
  last.send('{');
  await eventually(() => last.messages.length === 1);
  for (const client of clients) client.socket.terminate();
});

it('ends with its key', async () => {
  const { ring, secret } = createSingleKey('mine', { random: createNodeRandom(), clock: createNodeClock() });
  const ends: AppError[] = [];
  let tell = (): void => undefined;
  const keys: KeyRing = {
    ...ring,
    endOf: () => ends[0],
    onChange: (act) => {
      tell = act;
      return { [Symbol.dispose]: () => undefined };
    },
  };
  const replica = createScriptedReplica();
  await using gateway = await openGateway(replica, { keys });
  const server = { ...gateway, apiKey: secret, replica };
  using client = await connect(server, '/v1/responses');
  client.send(create());
  const generation = await replica.next();
  generation.start();
  const closed = once(client.socket, 'close');
  ends.push(new AppError('gateway.invalid-api-key', 'The API key was revoked.'));
  tell();
  const [code] = z
    .tuple([z.number()])
    .rest(z.unknown())
    .parse(await closed);
  expect(code).toBe(1008);
  await eventually(() => generation.signal.aborted && isIdle(server));
});
