import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import Anthropic from '@anthropic-ai/sdk';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { embed, generateText, jsonSchema, Output, streamText, tool } from 'ai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeCertificate } from '../../../electron/gateway/tls/make-certificate.ts';
import {
  CA_FILE,
  snippetsFor,
  type SnippetTarget,
} from '../../../renderer/pages/server/overview/snippets.ts';
import { toolSnippetsFor } from '../../../renderer/pages/server/overview/tool-snippets.ts';
import { openGateway, type OpenGateway } from '../../support/open-gateway.ts';
import { otherAddress } from '../../support/other-address.ts';
import { openRealReplica } from '../../support/real-replica.ts';

let engine: Awaited<ReturnType<typeof openRealReplica>>;
let server: OpenGateway;

beforeAll(async () => {
  engine = await openRealReplica();
  const chatTemplate = '{{ messages }}{{ tools }}{{ enable_thinking }}{{ thinking }}';
  const file = { architecture: 'llama', parameterCount: 4e6, sizeBytes: 8e6, sha256: () => null };
  server = await openGateway(engine.replica, { info: { chatTemplate, file } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

const schema = {
  type: 'object' as const,
  properties: { city: { type: 'string' as const } },
  required: ['city'],
  additionalProperties: false,
};

describe('@anthropic-ai/sdk', () => {
  const connect = () =>
    new Anthropic({ baseURL: `http://127.0.0.1:${server.port}`, apiKey: server.apiKey, maxRetries: 0 });
  const ask = (content: string) => ({
    model: 'demo',
    max_tokens: 64,
    temperature: 0,
    messages: [{ role: 'user' as const, content }],
  });

  it('gets a message, and the same one as a stream', async () => {
    const client = connect();
    const whole = await client.messages.create(ask('Hello'));
    expect(whole.content).toMatchObject([{ type: 'text', text: 'Hello! How can I help you?' }]);
    expect([whole.stop_reason, whole._request_id?.slice(0, 4)]).toEqual(['end_turn', 'req_']);
    const stream = client.messages.stream(ask('Hello'));
    const texts: string[] = [];
    stream.on('text', (text) => texts.push(text));
    const final = await stream.finalMessage();
    expect(texts.join('')).toBe('Hello! How can I help you?');
    expect(final.usage.output_tokens).toBe(whole.usage.output_tokens);
    expect(final.usage.cache_read_input_tokens).toBeGreaterThan(0);
    const { input_tokens } = await client.messages.countTokens({
      model: 'demo',
      messages: ask('Hello').messages,
    });
    expect(input_tokens).toBe(whole.usage.input_tokens + (whole.usage.cache_read_input_tokens ?? 0));
  });

  it('stops at a sequence, and says which', async () => {
    const reply = await connect().messages.create({ ...ask('Hello'), stop_sequences: ['How'] });
    expect(reply).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'How' });
  });

  it('calls the tool it is told to, streamed', async () => {
    const stream = connect().messages.stream({
      ...ask('What is the weather in Oslo?'),
      tools: [{ name: 'get_weather', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'get_weather' },
    });
    const message = await stream.finalMessage();
    expect(message.stop_reason).toBe('tool_use');
    const call = message.content.at(-1);
    expect(call?.type === 'tool_use' && call.name).toBe('get_weather');
    const input = z.strictObject({ city: z.string() });
    expect(input.parse(call?.type === 'tool_use' ? call.input : undefined)).toBeDefined();
  });

  it('gets thoughts in a block of their own', async () => {
    const reply = await connect().messages.create({
      ...ask('Which number is larger, 12 or 31? /think'),
      max_tokens: 200,
    });
    expect(reply.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    expect(reply.usage.output_tokens_details?.thinking_tokens).toBeGreaterThan(0);
  });

  it('has the model think when told to', async () => {
    const reply = await connect().messages.create({
      ...ask('Which number is larger, 12 or 31?'),
      max_tokens: 300,
      thinking: { type: 'enabled', budget_tokens: 1024 },
    });
    expect(reply.content[0]?.type).toBe('thinking');
  });

  it('gets errors it knows', async () => {
    const failure = connect().messages.create({ ...ask('Hello'), model: 'other' });
    await expect(failure).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    await expect(failure).rejects.toMatchObject({ type: 'not_found_error' });
  });
});

describe('ollama', () => {
  const connect = () =>
    new Ollama({
      host: `http://127.0.0.1:${server.port}`,
      headers: { authorization: `Bearer ${server.apiKey}` },
    });
  const options = { temperature: 0, repeat_penalty: 1 };
  const ask = (content: string) => ({ model: 'demo', options, messages: [{ role: 'user', content }] });

  it('lists and shows the model, under its name with a tag, too', async () => {
    const client = connect();
    const { models } = await client.list();
    expect(models[0]).toMatchObject({ name: 'demo', details: { family: 'llama', parameter_size: '4.00M' } });
    const shown = await client.show({ model: 'demo:latest' });
    expect(shown.capabilities).toContain('tools');
  });

  it('chats, whole and streamed', async () => {
    const client = connect();
    const whole = await client.chat(ask('Hello'));
    expect(whole.message.content).toBe('Hello! How can I help you?');
    expect(whole.eval_duration).toBeGreaterThan(0);
    const texts: string[] = [];
    let done = false;
    for await (const part of await client.chat({ ...ask('Hello'), stream: true })) {
      texts.push(part.message.content);
      done = part.done;
      if (done) expect(part.eval_count).toBe(whole.eval_count);
    }
    expect([texts.join(''), done]).toEqual([whole.message.content, true]);
  });

  it('calls a tool by its own choice', async () => {
    const tool = {
      type: 'function',
      function: { name: 'get_weather', description: 'Weather of a city', parameters: schema },
    };
    const reply = await connect().chat({ ...ask('What is the weather in Oslo?'), tools: [tool] });
    expect(reply.message.tool_calls?.[0]?.function.name).toBe('get_weather');
  });

  it('generates in the form of a schema, and embeds', async () => {
    const client = connect();
    const { response } = await client.generate({
      model: 'demo',
      prompt: 'Give me JSON: Anna lives in Oslo.',
      format: schema,
      options: { ...options, num_predict: 64 },
    });
    expect(z.strictObject({ city: z.string() }).parse(JSON.parse(response ?? ''))).toBeDefined();
    const { embeddings } = await client.embed({ model: 'demo', input: ['a fox', 'perplexity'] });
    expect(embeddings.map((vector) => vector.length)).toEqual([256, 256]);
  });

  it('gets a message it can show', async () => {
    const failure = connect().chat({ ...ask('Hello'), options: { num_ctx: 100_000 } });
    await expect(failure).rejects.toThrow(/context of 1024 tokens/u);
  });
});

describe('the responses of openai', () => {
  const connect = () => new OpenAI({ baseURL: server.url, apiKey: server.apiKey, maxRetries: 0 });
  const ask = (input: string) => ({ model: 'demo', temperature: 0, input });

  it('come whole, and the next goes on from the last', async () => {
    const client = connect();
    const first = await client.responses.create(ask('Hello'));
    expect([first.output_text, first.status]).toEqual(['Hello! How can I help you?', 'completed']);
    const next = await client.responses.create({ ...ask('Hello'), previous_response_id: first.id });
    expect(next.usage?.input_tokens).toBeGreaterThan(2 * (first.usage?.input_tokens ?? Infinity) - 5);
    expect(next.usage?.input_tokens_details.cached_tokens).toBeGreaterThan(0);
    const lost = client.responses.create({ ...ask('Hello'), previous_response_id: 'resp_none' });
    await expect(lost).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found' });
  });

  it('stream as the client puts them together again', async () => {
    const stream = connect().responses.stream(ask('Which number is larger, 12 or 31? /think'));
    const types = new Set<string>();
    for await (const event of stream) types.add(event.type);
    const final = await stream.finalResponse();
    expect(final.output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
    expect(final.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
    expect(types).toContain('response.reasoning_text.delta');
  });

  it('hold calls and formats to their schema', async () => {
    const client = connect();
    const called = await client.responses.create({
      ...ask('What is the weather in Oslo?'),
      tools: [{ type: 'function', name: 'get_weather', strict: true, parameters: schema }],
      tool_choice: 'required',
    });
    const [call] = called.output;
    const city = z.strictObject({ city: z.string() });
    expect(city.parse(JSON.parse(call?.type === 'function_call' ? call.arguments : ''))).toBeDefined();
    const formatted = await client.responses.create({
      ...ask('Give me JSON: Anna lives in Oslo.'),
      max_output_tokens: 64,
      text: { format: { type: 'json_schema', name: 'place', strict: true, schema } },
    });
    expect(city.parse(JSON.parse(formatted.output_text))).toBeDefined();
  });
});

describe('ai with @ai-sdk/openai-compatible', () => {
  const connect = () =>
    createOpenAICompatible({
      name: 'dyno',
      baseURL: server.url,
      apiKey: server.apiKey,
      includeUsage: true,
      supportsStructuredOutputs: true,
    });
  const ask = (prompt: string) => ({ model: connect()('demo'), temperature: 0, maxRetries: 0, prompt });
  const city = jsonSchema<{ city: string }>(schema);

  it('generates and streams text, with usage and thoughts', async () => {
    const whole = await generateText(ask('Hello'));
    expect(whole.text).toBe('Hello! How can I help you?');
    const stream = streamText(ask('Which number is larger, 12 or 31? /think'));
    expect(await stream.text).not.toContain('<think>');
    expect(await stream.reasoningText).not.toBe('');
    expect((await stream.usage).outputTokens).toBeGreaterThan(0);
  });

  it('calls a tool, gives its result back, and gets an object', async () => {
    const called = await generateText({
      ...ask('What is the weather in Oslo?'),
      tools: { get_weather: tool({ inputSchema: city, execute: ({ city: name }) => `Rain in ${name}.` }) },
    });
    expect(called.toolResults[0]?.output).toMatch(/^Rain in /u);
    const { output } = await generateText({
      ...ask('Give me JSON: Anna lives in Oslo.'),
      maxOutputTokens: 64,
      output: Output.object({ schema: city }),
    });
    expect(Object.keys(output)).toEqual(['city']);
  });

  it('embeds', async () => {
    const { embedding } = await embed({ model: connect().embeddingModel('demo'), value: 'a fox' });
    expect(embedding).toHaveLength(256);
  });
});

describe('@langchain/openai', () => {
  const connect = () =>
    new ChatOpenAI({
      model: 'demo',
      temperature: 0,
      apiKey: server.apiKey,
      maxRetries: 0,
      configuration: { baseURL: server.url },
    });

  it('invokes and streams', async () => {
    const reply = await connect().invoke('Hello');
    expect(reply.text).toBe('Hello! How can I help you?');
    expect(reply.response_metadata).toMatchObject({ finish_reason: 'stop' });
    const pieces: string[] = [];
    for await (const chunk of await connect().stream('Hello')) pieces.push(chunk.text);
    expect(pieces.join('')).toBe(reply.text);
  });

  it('binds tools, and gets structured output', async () => {
    const weather = { type: 'function' as const, function: { name: 'get_weather', parameters: schema } };
    const reply = await connect().bindTools([weather]).invoke('What is the weather in Oslo?');
    expect(reply.tool_calls?.[0]?.name).toBe('get_weather');
    const structured = connect().withStructuredOutput(schema, { method: 'jsonSchema', name: 'place' });
    expect(Object.keys(await structured.invoke('Give me JSON: Anna lives in Oslo.'))).toEqual(['city']);
  });

  it('embeds', async () => {
    const embeddings = new OpenAIEmbeddings({
      model: 'demo',
      apiKey: server.apiKey,
      maxRetries: 0,
      configuration: { baseURL: server.url },
    });
    const vectors = await embeddings.embedDocuments(['a fox', 'perplexity']);
    expect(vectors.map(({ length }) => length)).toEqual([256, 256]);
  });
});

describe('the snippets of the Server page', () => {
  /** Runs what is a program for Node as it stands; each gives some words, whichever: they are sampled. */
  const runAll = async (target: SnippetTarget, wanted: readonly string[], trusted = ''): Promise<void> => {
    const programs = [...snippetsFor(target), ...toolSnippetsFor(target)].filter(({ id }) =>
      wanted.includes(id),
    );
    // inside the project, so that they find its packages
    const folder = join(import.meta.dirname, '../../../.cache', `snippets-${process.pid}`);
    await mkdir(folder, { recursive: true });
    try {
      const ca = join(folder, CA_FILE);
      await writeFile(ca, trusted);
      const env = {
        ...process.env,
        DYNO_API_KEY: server.apiKey,
        ...(target.needsCa && { NODE_EXTRA_CA_CERTS: ca }),
      };
      const run = async ({ id, text }: { readonly id: string; readonly text: string }) => {
        const file = join(folder, `${id}.mjs`);
        await writeFile(file, text);
        const { stdout } = await promisify(execFile)(process.execPath, [file], { env });
        return [id, /\p{L}/u.test(stdout)];
      };
      expect(await Promise.all(programs.map(run))).toEqual(wanted.map((id) => [id, true]));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  it('run as they are, with the key in the environment', () =>
    runAll({ url: server.url, modelId: 'demo', needsCa: false }, [
      'typescript',
      'langchain',
      'ai-sdk',
      'anthropic',
      'ollama',
    ]));

  it('run as they are for another machine, with the certificate as their first line says', async () => {
    const address = otherAddress();
    const nowMs = Date.now();
    const certificate = await makeCertificate([address], {
      serial: randomBytes(16),
      fromMs: nowMs - 60_000,
      untilMs: nowMs + 86_400_000,
    });
    const { urls } = await server.gateway.openNetwork({
      port: server.port,
      addresses: [address],
      hosts: [],
      origins: [],
      certificate,
    });
    const target = { url: urls[0] ?? '', modelId: 'demo', needsCa: true };
    await runAll(target, ['typescript', 'ollama'], certificate.certPem);
    await server.gateway.closeNetwork();
  });
});
