import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chatCompletionSchema } from '../../../electron/gateway/openai/reply-schemas.ts';
import { eventually } from '../../support/eventually.ts';
import { openGateway, type OpenGateway } from '../../support/open-gateway.ts';
import { openRealReplica } from '../../support/real-replica.ts';

let engine: Awaited<ReturnType<typeof openRealReplica>>;
let server: OpenGateway;
let client: OpenAI;

beforeAll(async () => {
  engine = await openRealReplica();
  const chatTemplate = '{{ messages }}{{ tools }}{{ enable_thinking }}{{ thinking }}';
  server = await openGateway(engine.replica, { info: { chatTemplate } });
  client = new OpenAI({ baseURL: server.url, apiKey: server.apiKey, maxRetries: 0 });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

const ask = (content: string) => ({
  model: 'demo',
  temperature: 0,
  messages: [{ role: 'user' as const, content }],
});
const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

describe('the openai package against the bundled model', () => {
  it('lists it', async () => {
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toEqual(['demo']);
  });

  it('chats', async () => {
    const reply = await client.chat.completions.create(ask('Hello'));
    expect(reply.choices[0]?.message.content).toBe('Hello! How can I help you?');
    expect(reply.choices[0]?.finish_reason).toBe('stop');
    expect(chatCompletionSchema.parse(reply).timings.predicted_n).toBe(reply.usage?.completion_tokens);
  });

  it('streams the same words it gives whole', async () => {
    const whole = await client.chat.completions.create(ask('What is perplexity?'));
    const stream = await client.chat.completions.create({
      ...ask('What is perplexity?'),
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(usage?.completion_tokens).toBe(whole.usage?.completion_tokens);
    expect(usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThan(0);
  });

  it('keeps its reasoning apart from its answer', async () => {
    const reply = await client.chat.completions.create(ask('Which number is larger, 12 or 31? /think'));
    expect(reply.choices[0]?.message).toHaveProperty('reasoning_content');
    expect(reply.choices[0]?.message.content).not.toContain('<think>');
    expect(reply.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0);
  });

  it('calls a tool, by its own choice and when told to', async () => {
    const free = await client.chat.completions.create({
      ...ask('What is the weather in Oslo?'),
      tools: [weather],
    });
    expect(free.choices[0]?.finish_reason).toBe('tool_calls');
    const run = client.chat.completions.stream({
      ...ask('Hello'),
      tools: [weather],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
    });
    const [choice] = (await run.finalChatCompletion()).choices;
    const [call] = choice?.message.tool_calls ?? [];
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(call?.type === 'function' && call.function.name).toBe('get_weather');
    const told = call?.type === 'function' ? call.function.arguments : '';
    expect(z.strictObject({ city: z.string() }).parse(JSON.parse(told))).toBeDefined();
  });

  it('answers in the form of a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name', 'age'],
      additionalProperties: false,
    };
    const reply = await client.chat.completions.create({
      ...ask('Give me JSON with name, age and city: Anna is 34 years old and lives in Oslo.'),
      max_completion_tokens: 100,
      response_format: { type: 'json_schema', json_schema: { name: 'person', strict: true, schema } },
    });
    const person = JSON.parse(reply.choices[0]?.message.content ?? '') as unknown;
    expect(z.strictObject({ name: z.string(), age: z.number().int() }).parse(person)).toBeDefined();
  });

  it('keeps a format and free tools beside each other: a call, or an answer in that form', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const beside = {
      tools: [weather],
      max_completion_tokens: 100,
      response_format: { type: 'json_schema' as const, json_schema: { name: 'place', schema } },
    };
    const called = await client.chat.completions.create({
      ...ask('What is the weather in Oslo?'),
      ...beside,
    });
    expect(called.choices[0]?.finish_reason).toBe('tool_calls');
    const told = await client.chat.completions.create({
      ...ask('Give me JSON with the city: Anna lives in Oslo.'),
      ...beside,
    });
    expect(told.choices[0]?.finish_reason).toBe('stop');
    const place: unknown = JSON.parse(told.choices[0]?.message.content ?? '');
    expect(z.strictObject({ city: z.string() }).parse(place)).toBeDefined();
  });

  it('completes text, with log-probabilities', async () => {
    const reply = await client.completions.create({
      model: 'demo',
      prompt: 'Once there was',
      temperature: 0,
      max_tokens: 8,
      logprobs: 2,
    });
    expect(reply.choices[0]?.text).toMatch(/^ a /u);
    expect(reply.choices[0]?.finish_reason).toBe('length');
    expect(reply.choices[0]?.logprobs?.tokens).toHaveLength(8);
  });

  it('gives the same tokens for the same seed, and others for another', async () => {
    const say = async (seed: number) => {
      const question = {
        ...ask('Tell me a story about a fox in a forest.'),
        temperature: 1,
        seed,
        max_tokens: 24,
      };
      return (await client.chat.completions.create(question)).choices[0]?.message.content;
    };
    const [first, again, other] = [await say(7), await say(7), await say(8)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('embeds', async () => {
    const { data, usage } = await client.embeddings.create({
      model: 'demo',
      input: ['a fox', 'a fox', 'perplexity'],
    });
    expect(data.map(({ embedding }) => embedding.length)).toEqual([256, 256, 256]);
    expect(data[0]?.embedding).toEqual(data[1]?.embedding);
    expect(data[0]?.embedding).not.toEqual(data[2]?.embedding);
    expect(usage.prompt_tokens).toBeGreaterThan(0);
  });

  it('refuses a prompt past the context, saying both numbers', async () => {
    const long = client.chat.completions.create(ask('fox '.repeat(2000)));
    await expect(long).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' });
    await expect(long).rejects.toThrow(/1024/u);
  });

  it('refuses a grammar that is none', async () => {
    const question = { ...ask('Hello'), grammar: 'root ::= (' };
    await expect(client.chat.completions.create(question)).rejects.toMatchObject({
      status: 400,
      code: 'invalid_grammar',
    });
  });

  it('stops generating when its client leaves, and has every slot free again', async () => {
    const leave = new AbortController();
    const endless = {
      ...ask('Tell me a story about a fox in a forest.'),
      ignore_eos: true,
      stream: true as const,
    };
    const stream = await client.chat.completions.create(endless, { signal: leave.signal });
    for await (const chunk of stream) if (chunk.choices.length > 0) break;
    leave.abort();
    await eventually(() => server.changes.at(-1)?.phase === 'cancelled');
    await eventually(() => engine.replica.snapshot().running === 0);
    expect(server.gateway.snapshot()).toMatchObject({ running: 0, queued: 0 });
    expect(server.changes.at(-1)?.outputTokens).toBeLessThan(900); // the slot holds 1024
  });

  it('answers eight at once on four slots', async () => {
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => client.chat.completions.create(ask('Hello'))),
    );
    expect(new Set(replies.map(({ choices }) => choices[0]?.message.content))).toEqual(
      new Set(['Hello! How can I help you?']),
    );
  });

  it('tells those in flight when the engine process is killed, and serves the next after its restart', async () => {
    const endless = {
      ...ask('Tell me a story about a fox in a forest.'),
      ignore_eos: true,
      stream: true as const,
    };
    const stream = await client.chat.completions.create(endless);
    const readAll = async () => {
      for await (const chunk of stream) {
        const { pid } = engine.replica.snapshot();
        if (chunk.choices.length > 0 && pid !== null) process.kill(pid, 'SIGKILL');
      }
    };
    const failure = await readAll().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'replica_crashed' });
    const reply = await client.chat.completions.create(ask('Hello'));
    expect(reply.choices[0]?.message.content).toBe('Hello! How can I help you?');
    expect(server.gateway.snapshot()).toMatchObject({ running: 0, queued: 0 });
  });
});
