import { describe, expect, it } from 'vitest';
import {
  ollamaChatSchema,
  ollamaGenerateSchema,
  toOllamaChat,
  toOllamaGenerate,
} from '../../../../electron/gateway/ollama/generation-request.ts';
import { parseParameters } from '../../../../electron/gateway/parameters/parse-parameters.ts';
import type { ModelInfo } from '../../../../electron/gateway/router/route-table.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeRandom } from '../../../support/fake-random.ts';
import { createServedModel } from '../../../support/gateway-model.ts';
import { createScriptedReplica } from '../../../support/scripted-replica.ts';

const ports = { clock: createFakeClock(), random: createFakeRandom() };
const messages = [{ role: 'user', content: 'Hi' }];

const chat = (body: object, info: Partial<ModelInfo> = {}) =>
  toOllamaChat(
    parseParameters(ollamaChatSchema, { model: 'demo', messages, ...body }),
    createServedModel(info, { contextSize: 1024 }),
    ports,
  );
const generation = (call: ReturnType<typeof chat>) => {
  if (call.type !== 'generation') throw new TypeError('no generation');
  return call;
};
const requestOf = (body: object, info: Partial<ModelInfo> = {}) =>
  generation(chat(body, info)).choices[0]?.request;
const generate = (body: object) =>
  toOllamaGenerate(
    parseParameters(ollamaGenerateSchema, { model: 'demo', ...body }),
    createServedModel(),
    ports,
  );

describe("a request in Ollama's dialect", () => {
  it("has Ollama's defaults, and streams unless told otherwise", () => {
    const call = generation(chat({ options: { seed: 1 } }));
    expect(call.isStream).toBe(true);
    expect(call.choices[0]?.request).toMatchObject({
      sampling: { temperature: 0.8, topK: 40, topP: 0.9, repeatPenalty: 1.1, seed: 1 },
      maxTokens: null,
    });
    expect(call.warnings).toEqual([]);
  });

  it('maps every option', () => {
    const options = {
      temperature: 0,
      top_k: 5,
      top_p: 0.5,
      min_p: 0.1,
      repeat_penalty: 1,
      repeat_last_n: -1,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      num_predict: 7,
      stop: 'END',
      num_ctx: 1024,
      typical_p: 0.7,
      mirostat: 0,
    };
    expect(requestOf({ options })).toMatchObject({
      sampling: {
        temperature: 0,
        topK: 5,
        typicalP: 0.7,
        topP: 0.5,
        minP: 0.1,
        repeatPenalty: 1,
        repeatLastN: 1024,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
      },
      maxTokens: 7,
      stop: ['END'],
    });
  });

  it('says that a smaller num_ctx changes nothing, and refuses a larger one by name', () => {
    expect(generation(chat({ options: { num_ctx: 512 } })).warnings?.[0]).toContain('stays 1024');
    expect(() => chat({ options: { num_ctx: 4096 } })).toThrow(
      expect.objectContaining({
        code: 'gateway.unsupported-parameter',
        details: { param: 'options.num_ctx' },
        hint: expect.stringContaining('--context 4096') as string,
      }),
    );
  });

  it.each([
    ['json', { type: 'json-object' }],
    [{ type: 'object' }, { type: 'json-schema', schema: { type: 'object' } }],
    ['', undefined],
  ])('reads the format %j', (format, grammar) => {
    expect(requestOf({ format })?.grammar).toEqual(grammar);
  });

  it('pairs calls that have no ids with their results', () => {
    const call = (name: string) => ({ function: { name, arguments: { x: 1 } } });
    const request = requestOf({
      messages: [
        ...messages,
        { role: 'assistant', content: '', tool_calls: [call('f'), call('g')] },
        { role: 'tool', content: 'G', tool_name: 'g' },
        { role: 'tool', content: 'F' },
      ],
    });
    expect(request?.prompt).toMatchObject({
      messages: [
        {},
        { toolCalls: [{ id: 'call_1_0', name: 'f', arguments: '{"x":1}' }, { id: 'call_1_1' }] },
        { role: 'tool', content: 'G', toolCallId: 'call_1_1' },
        { role: 'tool', content: 'F', toolCallId: 'call_1_0' },
      ],
    });
  });

  it('answers a request for nothing as Ollama says that a model is loaded', async () => {
    for (const call of [chat({ messages: [] }), generate({})]) {
      if (call.type !== 'question') throw new TypeError('no question');
      expect(await call.answer(createScriptedReplica(), new AbortController().signal)).toMatchObject({
        done: true,
        done_reason: 'load',
      });
    }
  });

  it('says of a request to unload the model that it is not done', () => {
    for (const call of [chat({ messages: [], keep_alive: 0 }), generate({ keep_alive: 0 })])
      expect(call).toMatchObject({ type: 'question', warnings: [expect.stringContaining('keep_alive')] });
    expect(generate({})).toMatchObject({ warnings: [] });
  });

  it('takes a raw prompt as it stands, and any other through the template', () => {
    expect(generation(generate({ prompt: 'Once', raw: true })).choices[0]?.request.prompt).toEqual({
      type: 'text',
      text: 'Once',
    });
    expect(generation(generate({ prompt: 'Hi', system: 'Brief.' })).choices[0]?.request.prompt).toMatchObject(
      {
        messages: [
          { role: 'system', content: 'Brief.' },
          { role: 'user', content: 'Hi' },
        ],
      },
    );
  });

  it.each([
    ['options.num_gpu', { options: { num_gpu: 1 } }, 'unsupported-parameter'],
    ['options.mirostat', { options: { mirostat: 1 } }, 'unsupported-parameter'],
    ['options.mirostat', { options: { mirostat: 'on' } }, 'invalid-value'],
    ['options.tfs_z', { options: { tfs_z: 0.5 } }, 'unsupported-parameter'],
    ['template', { template: '{{ .Prompt }}' }, 'unsupported-parameter'],
    ['think', { think: true }, 'unsupported-parameter'],
    ['messages[0].images', { messages: [{ ...messages[0], images: ['aGk='] }] }, 'unsupported-parameter'],
    ['messages[0].images[0]', { messages: [{ ...messages[0], images: [5] }] }, 'invalid-value'],
    ['top_logprobs', { top_logprobs: 1 }, 'invalid-value'],
    [
      'tools[1].function.name',
      { tools: ['f', 'f'].map((name) => ({ type: 'function', function: { name } })) },
      'invalid-value',
    ],
  ])('refuses %s by name', (param, body, code) => {
    expect(() => chat(body, { chatTemplate: '{{ messages }}' })).toThrow(
      expect.objectContaining({ code: `gateway.${code}`, details: { param } }),
    );
  });
});
