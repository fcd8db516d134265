import OpenAI from 'openai';
import { expect, it } from 'vitest';
import {
  chatChunkSchema,
  chatCompletionSchema,
  completionChunkSchema,
  completionSchema,
  embeddingsSchema,
} from '../../../electron/gateway/openai/reply-schemas.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { openGateway, type OpenGateway } from '../../support/open-gateway.ts';
import { createScriptedReplica, type ScriptedReplica } from '../../support/scripted-replica.ts';

const chat = { model: 'demo', messages: [{ role: 'user' as const, content: 'Hi' }] };

const open = async (): Promise<
  OpenGateway & { readonly replica: ScriptedReplica; readonly client: OpenAI }
> => {
  const replica = createScriptedReplica();
  const server = await openGateway(replica);
  const client = new OpenAI({ baseURL: server.url, apiKey: server.apiKey, maxRetries: 0 });
  return { ...server, replica, client };
};

/** The data of every event of a finished stream; the last is `[DONE]`. */
const eventsOf = (text: string): readonly string[] =>
  text
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => event.slice('data: '.length));

it('answers a chat in one piece, with usage, timings and stats', async () => {
  await using server = await open();
  const asked = server.fetch('/v1/chat/completions', chat);
  const generation = await server.replica.next();
  generation.start(9, 3);
  generation.say('Hmm.', 'reasoning');
  generation.say('Hel');
  generation.say('lo');
  generation.finish('length', 1);
  const reply = chatCompletionSchema.parse(await (await asked).json());
  expect(reply.choices).toEqual([
    {
      index: 0,
      message: { role: 'assistant', content: 'Hello', refusal: null, reasoning_content: 'Hmm.' },
      logprobs: null,
      finish_reason: 'length',
    },
  ]);
  expect(reply.usage).toEqual({
    prompt_tokens: 9,
    completion_tokens: 3,
    total_tokens: 12,
    prompt_tokens_details: { cached_tokens: 3 },
    completion_tokens_details: { reasoning_tokens: 1 },
  });
  expect(reply.timings).toEqual({
    cache_n: 3,
    prompt_n: 6,
    prompt_ms: 20,
    prompt_per_token_ms: 20 / 6,
    prompt_per_second: 300,
    predicted_n: 3,
    predicted_ms: 100,
    predicted_per_token_ms: 50,
    predicted_per_second: 20,
  });
  expect(reply.stats.time_to_first_token).toBeGreaterThan(0);
});

it('streams a chat: role first, the reason in an empty chunk, usage last, then [DONE]', async () => {
  await using server = await open();
  const asked = server.fetch('/v1/chat/completions', {
    ...chat,
    stream: true,
    stream_options: { include_usage: true },
  });
  const generation = await server.replica.next();
  generation.start();
  generation.say('Hel');
  generation.say('lo');
  generation.finish();
  const reply = await asked;
  expect(reply.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events = eventsOf(await reply.text());
  expect(events.at(-1)).toBe('[DONE]');
  const chunks = events.slice(0, -1).map((event) => chatChunkSchema.parse(JSON.parse(event)));
  expect(
    chunks.map(({ choices, usage }) => [choices[0]?.delta, choices[0]?.finish_reason, usage?.total_tokens]),
  ).toEqual([
    [{ role: 'assistant', content: '' }, null, undefined],
    [{ content: 'Hel' }, null, undefined],
    [{ content: 'lo' }, null, undefined],
    [{}, 'stop', undefined],
    [undefined, undefined, 9],
  ]);
  expect(chunks[3]?.timings?.predicted_n).toBe(2);
  expect(chunks.every((chunk) => 'usage' in chunk)).toBe(true);
});

it('streams tool calls in pieces, and ends them with tool_calls', async () => {
  await using server = await open();
  const tools = [{ type: 'function' as const, function: { name: 'get_weather' } }];
  const run = server.client.chat.completions.stream({ ...chat, tools });
  const generation = await server.replica.next();
  const call = { type: 'tool-call' as const, tokens: 1 };
  generation.start();
  generation.push({ ...call, index: 0, id: 'a', name: 'get_weather', argumentsDelta: '' });
  generation.push({ ...call, index: 0, id: 'a', name: 'get_weather', argumentsDelta: '{"city":' });
  generation.push({ ...call, index: 0, id: 'a', name: 'get_weather', argumentsDelta: '"Oslo"}' });
  generation.push({ ...call, index: 1, id: 'b', name: 'get_weather', argumentsDelta: '{}' });
  generation.finish('tool-calls');
  const [choice] = (await run.finalChatCompletion()).choices;
  expect(choice?.finish_reason).toBe('tool_calls');
  expect(choice?.message.content).toBeNull();
  expect(choice?.message.tool_calls).toMatchObject([
    { id: 'a', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
    { id: 'b', function: { name: 'get_weather', arguments: '{}' } },
  ]);
});

it('honours parallel_tool_calls: false by ending before the second call', async () => {
  await using server = await open();
  const tools = [{ type: 'function' as const, function: { name: 'f' } }];
  const asked = server.client.chat.completions.create({ ...chat, tools, parallel_tool_calls: false });
  const generation = await server.replica.next();
  generation.start();
  generation.push({ type: 'tool-call', index: 0, id: 'a', name: 'f', argumentsDelta: '{}', tokens: 4 });
  generation.push({ type: 'tool-call', index: 1, id: 'b', name: 'f', argumentsDelta: '{}', tokens: 1 });
  const [choice] = (await asked).choices;
  expect(choice?.finish_reason).toBe('tool_calls');
  expect(choice?.message.tool_calls?.map(({ id }) => id)).toEqual(['a']);
  expect(generation.signal.aborted).toBe(true);
  expect(server.replica.liveCount()).toBe(0);
});

it('gives n answers side by side and counts their prompt once', async () => {
  await using server = await open();
  const asked = server.fetch('/v1/chat/completions', {
    ...chat,
    n: 2,
    stream: true,
    stream_options: { include_usage: true },
  });
  const first = await server.replica.next();
  const second = await server.replica.next();
  expect(second.request.sampling.seed).toBe((first.request.sampling.seed + 1) >>> 0);
  for (const generation of [first, second]) {
    generation.start(5);
    generation.say('x');
    generation.finish();
  }
  const events = eventsOf(await (await asked).text());
  const chunks = events.slice(0, -1).map((event) => chatChunkSchema.parse(JSON.parse(event)));
  const reasons = chunks.flatMap(({ choices }) => choices.filter((choice) => choice.finish_reason !== null));
  expect(new Set(reasons.map(({ index }) => index))).toEqual(new Set([0, 1]));
  expect(chunks.filter((chunk) => chunk.timings !== undefined)).toHaveLength(1);
  expect(chunks.at(-1)?.usage).toMatchObject({ prompt_tokens: 5, completion_tokens: 2 });
});

it('completes text, in one piece and as a stream', async () => {
  await using server = await open();
  const body = { model: 'demo', prompt: ['Once', 'Twice'], logprobs: 1 };
  const play = async () => {
    for (const text of ['a', 'b']) {
      const generation = await server.replica.next();
      generation.start(2);
      const logprobs = [
        { token: text, logprob: -1, bytes: [97], top: [{ token: 'z', logprob: -2, bytes: [122] }] },
      ];
      generation.push({ type: 'delta', channel: 'content', text, tokens: 1, logprobs });
      generation.finish();
    }
  };
  const whole = server.fetch('/v1/completions', body);
  await play();
  const reply = completionSchema.parse(await (await whole).json());
  expect(reply.choices.map(({ text }) => text)).toEqual(['a', 'b']);
  expect(reply.choices[1]?.logprobs).toEqual({
    tokens: ['b'],
    token_logprobs: [-1],
    top_logprobs: [{ z: -2 }],
    text_offset: [0],
  });
  expect(reply.usage.prompt_tokens).toBe(4);
  const streamed = server.fetch('/v1/completions', { ...body, stream: true });
  await play();
  const events = eventsOf(await (await streamed).text());
  const chunks = events.slice(0, -1).map((event) => completionChunkSchema.parse(JSON.parse(event)));
  expect(chunks.map(({ choices }) => choices[0]?.text).join('')).toBe('ab');
});

it("embeds text and the model's own tokens, as numbers and as base64", async () => {
  await using server = await open();
  const vectors = await server.client.embeddings.create({ model: 'demo', input: ['a', 'b'] }); // base64 inside
  expect(vectors.data.map(({ embedding }) => embedding)).toEqual([
    [0, 0.5, -0.25],
    [1, 0.5, -0.25],
  ]);
  const reply = await server.fetch('/v1/embeddings', { input: [[104, 105]] });
  expect(embeddingsSchema.parse(await reply.json()).data[0]?.embedding).toEqual([0, 0.5, -0.25]);
  expect(server.replica.embedded).toEqual([['a', 'b'], ['hi']]);
  const foreign = await server.fetch('/v1/embeddings', { input: [[104, 100_257]] });
  expect(await foreign.json()).toMatchObject({ error: { code: 'invalid_value', param: 'input[0]' } });
});

it('tells an error before the first token with its own status, after it as an event without [DONE]', async () => {
  await using server = await open();
  const failure = new AppError('engine.context-exceeded', '1030 tokens do not fit in 1024.', {
    hint: 'Shorten it.',
  });
  const early = server.client.chat.completions.create({ ...chat, stream: true });
  (await server.replica.next()).fail(failure);
  const refused = await early.catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OpenAI.BadRequestError);
  expect(refused).toMatchObject({ code: 'context_length_exceeded', type: 'invalid_request_error' });
  expect(String(refused)).toContain('1030 tokens do not fit in 1024. Shorten it.');

  const late = server.fetch('/v1/chat/completions', { ...chat, stream: true });
  const generation = await server.replica.next();
  generation.start();
  generation.say('x');
  generation.fail(new AppError('engine.crashed', 'It crashed.'));
  const text = await (await late).text();
  expect(text).toContain('event: error\ndata: {"error":{"message":"It crashed."');
  expect(text).not.toContain('[DONE]');
});

it('says nothing of the cause of a defect, and logs it under the id the client got', async () => {
  await using server = await open();
  const asked = server.fetch('/v1/chat/completions', chat);
  (await server.replica.next()).fail(new AppError('app.internal', 'secret path'));
  const reply = await asked;
  expect(reply.status).toBe(500);
  expect(await reply.text()).not.toContain('secret path');
  expect(server.log.lines).toMatchObject([
    { level: 'error', fields: { requestId: reply.headers.get('x-request-id') } },
  ]);
});

it('lets the openai package see errors as it knows them', async () => {
  await using server = await open();
  const wrongKey = new OpenAI({ baseURL: server.url, apiKey: 'wrong', maxRetries: 0 });
  await expect(wrongKey.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  await expect(server.client.chat.completions.create({ ...chat, model: 'gpt-9' })).rejects.toBeInstanceOf(
    OpenAI.NotFoundError,
  );
  const misspelt = { ...chat, temprature: 1 };
  await expect(server.client.chat.completions.create(misspelt)).rejects.toMatchObject({
    status: 400,
    code: 'unsupported_parameter',
    param: 'temprature',
  });
});

it('ends all answers of a request with the first that fails, and frees the place of each that is done', async () => {
  const replica = createScriptedReplica({ facts: { slots: 2 } });
  await using server = await openGateway(replica);
  const asked = server.fetch('/v1/chat/completions', { ...chat, n: 2 });
  const [first, second] = [await replica.next(), await replica.next()];
  first.start();
  first.finish();
  // a place is free while the second answer still runs
  const other = server.fetch('/v1/chat/completions', chat);
  const next = await replica.next();
  next.start();
  next.finish();
  expect((await other).status).toBe(200);
  second.start();
  second.finish();
  expect((await asked).status).toBe(200);

  const failing = server.fetch('/v1/chat/completions', { ...chat, n: 2 });
  const [broken, whole] = [await replica.next(), await replica.next()];
  broken.fail(new AppError('engine.crashed', 'It crashed.'));
  expect((await failing).status).toBe(503);
  expect(whole.signal.aborted).toBe(true);
});
