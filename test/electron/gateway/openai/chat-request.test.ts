import { describe, expect, it } from 'vitest';
import { chatRequestSchema, toChatCall } from '../../../../electron/gateway/openai/chat-request.ts';
import { parseParameters } from '../../../../electron/gateway/parameters/parse-parameters.ts';
import type { ModelInfo } from '../../../../electron/gateway/router/route-table.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { EngineFacts } from '../../../../shared/contract/engine.ts';
import { createFakeRandom } from '../../../support/fake-random.ts';
import { createServedModel } from '../../../support/gateway-model.ts';

const messages = [{ role: 'user', content: 'Hi' }];

const callOf = (body: object, info: Partial<ModelInfo> = {}, facts: Partial<EngineFacts> = {}) =>
  toChatCall(
    parseParameters(chatRequestSchema, { messages, ...body }),
    createServedModel(info, facts),
    createFakeRandom(),
  );
const requestOf = (body: object, info: Partial<ModelInfo> = {}) => callOf(body, info).choices[0]?.request;

const refusalOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, param: error.details?.param };
    throw error;
  }
  return undefined;
};
const unsupported = (param: string) => ({ code: 'gateway.unsupported-parameter', param });
const invalid = (param: string) => ({ code: 'gateway.invalid-value', param });

describe('a chat request', () => {
  it("takes OpenAI's defaults and nothing of the library's", () => {
    expect(requestOf({ seed: 5 })).toEqual({
      prompt: { type: 'chat', messages: [{ role: 'user', content: 'Hi' }] },
      sampling: {
        temperature: 1,
        topK: 0,
        typicalP: 1,
        topP: 1,
        minP: 0,
        repeatPenalty: 1,
        repeatLastN: 64,
        frequencyPenalty: 0,
        presencePenalty: 0,
        seed: 5,
        logitBias: {},
      },
      maxTokens: null,
      stop: [],
      cachePrompt: true,
      ignoreEos: false,
    });
  });

  it('hands every sampling parameter to the engine', () => {
    const request = requestOf({
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      min_p: 0.05,
      typical_p: 0.7,
      presence_penalty: -1,
      frequency_penalty: 1,
      repeat_penalty: 1.1,
      repeat_last_n: 32,
      seed: -1,
      stop: 'END',
      max_completion_tokens: 7,
      logit_bias: { '11': -100 },
      logprobs: true,
      top_logprobs: 3,
      ignore_eos: true,
      cache_prompt: false,
      grammar: 'root ::= "a"',
    });
    expect(request).toMatchObject({
      sampling: {
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        typicalP: 0.7,
        minP: 0.05,
        presencePenalty: -1,
        frequencyPenalty: 1,
        repeatPenalty: 1.1,
        repeatLastN: 32,
        seed: 4_294_967_295,
        logitBias: { '11': -100 },
      },
      stop: ['END'],
      maxTokens: 7,
      logprobs: { top: 3 },
      ignoreEos: true,
      cachePrompt: false,
      grammar: { type: 'gbnf', text: 'root ::= "a"' },
    });
  });

  it('gives each of n answers a seed of its own', () => {
    expect(
      callOf({ n: 3, seed: 4_294_967_295 }).choices.map((choice) => choice.request.sampling.seed),
    ).toEqual([4_294_967_295, 0, 1]);
  });

  it('takes null for "not given"', () => {
    expect(requestOf({ seed: 1, stop: null, temperature: null, tools: null, foo: null })).toEqual(
      requestOf({ seed: 1 }),
    );
  });

  it('accepts the parameters that change nothing here', () => {
    const harmless = {
      user: 'me',
      metadata: { a: 'b' },
      store: false,
      service_tier: 'auto',
      modalities: ['text'],
      parallel_tool_calls: true,
      response_format: { type: 'text' },
      prompt_cache_key: 'k',
      safety_identifier: 's',
    };
    expect(requestOf({ seed: 1, ...harmless })).toEqual(requestOf({ seed: 1 }));
  });

  it.each([
    [{ foo: 1 }, unsupported('foo')],
    [{ num_ctx: 4096 }, unsupported('num_ctx')],
    [{ functions: [] }, unsupported('functions')],
    [{ lora: [{ id: 0, scale: 1 }] }, invalid('lora[0].id')],
    [{ lora: [{ id: 0, scale: 1, path: '/x' }] }, unsupported('lora[0].path')],
    [{ lora: [{ id: 0, scale: 1e9 }] }, invalid('lora[0].scale')],
    [{ stream_options: { foo: true } }, unsupported('stream_options.foo')],
    [{ messages: [{ role: 'user', content: 'x', foo: 1 }] }, unsupported('messages[0].foo')],
    [{ messages: [{ role: 'function', content: 'x' }] }, unsupported('messages[0].role')],
    [
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'x' },
              { type: 'image_url', image_url: {} },
            ],
          },
        ],
      },
      unsupported('messages[0].content[1].type'),
    ],
    [{ tools: [{ type: 'custom', custom: {} }] }, unsupported('tools[0].type')],
    [
      { tools: [{ type: 'function', function: { name: 'f', foo: 1 } }] },
      unsupported('tools[0].function.foo'),
    ],
    [{ response_format: { type: 'xml' } }, unsupported('response_format.type')],
    [{ store: true }, unsupported('store')],
    [{ modalities: ['text', 'audio'] }, unsupported('modalities')],
    [{ service_tier: 'priority' }, unsupported('service_tier')],
    [{ reasoning_effort: 'max' }, unsupported('reasoning_effort')],
    [
      { messages: [{ role: 'assistant', content: 'x', audio: { id: 'a' } }] },
      unsupported('messages[0].audio'),
    ],
    [
      { messages: [{ role: 'assistant', content: 'x', function_call: { name: 'f', arguments: '' } }] },
      unsupported('messages[0].function_call'),
    ],
  ])('refuses what it does not know by name: %j', (body, refusal) => {
    expect(refusalOf(() => callOf(body))).toEqual(refusal);
  });

  it.each([
    [{ temperature: 2.1 }, 'temperature'],
    [{ temperature: '1' }, 'temperature'],
    [{ top_k: 1.5 }, 'top_k'],
    [{ max_tokens: -1 }, 'max_tokens'],
    [{ max_tokens: 1e300 }, 'max_tokens'],
    [{ n: 17 }, 'n'],
    [{ seed: 0.5 }, 'seed'],
    [{ logit_bias: { '-1': 1 } }, 'logit_bias.-1'],
    [{ logit_bias: { '1': 101 } }, 'logit_bias.1'],
    [{ logit_bias: { '4096': 1 } }, 'logit_bias.4096'],
    [{ top_logprobs: 2 }, 'top_logprobs'],
    [{ logprobs: true, top_logprobs: 21 }, 'top_logprobs'],
    [{ stop: '' }, 'stop'],
    [{ store: 'yes' }, 'store'],
    [{ modalities: ['smell'] }, 'modalities[0]'],
    [{ service_tier: 'gold' }, 'service_tier'],
    [{ messages: [{ role: 'user', content: [{ type: 5, text: 'x' }] }] }, 'messages[0].content[0].type'],
    [{ messages: [] }, 'messages'],
    [{ messages: null }, 'messages'],
    [{ messages: [{ role: 'assistant' }] }, 'messages[0].content'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id'],
    [{ max_tokens: 1, max_completion_tokens: 2 }, 'max_tokens'],
    [{ repeat_penalty: 1.1, repetition_penalty: 1.2 }, 'repetition_penalty'],
    [{ grammar: 'root ::= "a"', response_format: { type: 'json_object' } }, 'grammar'],
    [{ tool_choice: 'required' }, 'tool_choice'],
    [
      { tools: ['f', 'g', 'f'].map((name) => ({ type: 'function', function: { name } })) },
      'tools[2].function.name',
    ],
    [
      {
        tools: [{ type: 'function', function: { name: 'f' } }],
        tool_choice: { type: 'function', function: { name: 'g' } },
      },
      'tool_choice.function.name',
    ],
  ])('refuses a value out of bounds: %j', (body, param) => {
    expect(refusalOf(() => callOf(body))).toEqual(invalid(param));
  });

  it('reads a conversation with reasoning, tool calls and their results', () => {
    const request = requestOf({
      messages: [
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'Be ' },
            { type: 'text', text: 'short.' },
          ],
        },
        { role: 'user', content: 'Weather?', name: 'Ann' },
        {
          role: 'assistant',
          content: null,
          refusal: null,
          annotations: [],
          audio: null,
          function_call: null,
          reasoning_content: 'Ask.',
          tool_calls: [
            { index: 0, id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{}' } },
          ],
        },
        { role: 'tool', content: 'Sunny', tool_call_id: 'c1' },
      ],
    });
    expect(request?.prompt).toEqual({
      type: 'chat',
      messages: [
        { role: 'developer', content: 'Be short.' },
        { role: 'user', content: 'Weather?', name: 'Ann' },
        {
          role: 'assistant',
          content: '',
          reasoning: 'Ask.',
          toolCalls: [{ id: 'c1', name: 'get_weather', arguments: '{}' }],
        },
        { role: 'tool', content: 'Sunny', toolCallId: 'c1' },
      ],
    });
  });

  it('hands tools, the choice among them and the schema of the answer to the engine', () => {
    const tool = { name: 'f', description: 'd', parameters: { type: 'object' } };
    const request = requestOf({
      tools: [{ type: 'function', function: tool }],
      tool_choice: { type: 'function', function: { name: 'f' } },
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'x', strict: true, schema: { type: 'object' } },
      },
    });
    expect(request).toMatchObject({
      prompt: { tools: [tool], toolChoice: { type: 'named', name: 'f' } },
      grammar: { type: 'json-schema', schema: { type: 'object' } },
    });
  });

  it('refuses tools for a model whose template knows none, but not with tool_choice none', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const facts = { features: { chat: true, tools: false, reasoning: false } };
    expect(refusalOf(() => callOf({ tools }, {}, facts))).toEqual(unsupported('tools'));
    expect(refusalOf(() => callOf({ tools, tool_choice: 'none' }, {}, facts))).toBeUndefined();
  });

  it('tells the engine which tools are strict', () => {
    const tools = [{ type: 'function', function: { name: 'f', strict: true } }];
    expect(requestOf({ tools })).toMatchObject({ prompt: { tools: [{ name: 'f', isStrict: true }] } });
  });

  it('lets a format stand beside tools, but no grammar, which would forbid every call', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const response_format = { type: 'json_object' };
    for (const tool_choice of [undefined, 'auto', 'none', 'required'])
      expect(refusalOf(() => callOf({ tools, response_format, tool_choice }))).toBeUndefined();
    const grammar = 'root ::= "a"';
    expect(refusalOf(() => callOf({ tools, grammar }))).toEqual(unsupported('grammar'));
    expect(refusalOf(() => callOf({ tools, grammar, tool_choice: 'none' }))).toBeUndefined();
    expect(refusalOf(() => callOf({ tools, grammar: 'root ::= "a"', tool_choice: 'required' }))).toEqual(
      unsupported('grammar'),
    );
  });

  it('refuses chat for a model without a template', () => {
    const facts = { features: { chat: false, tools: false, reasoning: false } };
    expect(refusalOf(() => callOf({}, {}, facts))).toEqual(unsupported('messages'));
  });

  it.each<readonly [string, boolean]>([
    ['{% for message in messages %}{{ message.role + message.content }}{% endfor %}', true],
    ['{% for m in messages %}{{ m.content }}{{ tool.function.name }}{% endfor %}', true],
    ['{% for m in messages %}{{ m.name }}: {{ m.content }}{% endfor %}', false],
    ["{% for message in loop_messages %}{{ message['name'] }}{% endfor %}", false],
    ["{% for message in messages %}{{ message.get('name') }}{% endfor %}", false],
    ['{{ messages[0].name }}', false],
    ['{% for message in messages %}{{ message | tojson }}{% endfor %}', false],
  ])('says that the template %s keeps a name from the model: %s', (chatTemplate, isSaid) => {
    const named = [{ role: 'user', content: 'Hi', name: 'bob' }];
    const warnings = callOf({ messages: named }, { chatTemplate }).warnings ?? [];
    expect(warnings.some((text) => text.startsWith('name of a message'))).toBe(isSaid);
    expect(callOf({}, { chatTemplate }).warnings).toEqual([]);
  });

  it('sets only template variables that the template reads', () => {
    const chatTemplate = '{% if enable_thinking is false %}x{% endif %}{{ message.role }}';
    const variablesOf = (body: object) => {
      const prompt = requestOf(body, { chatTemplate })?.prompt;
      return prompt?.type === 'chat' ? prompt.templateVariables : undefined;
    };
    expect(variablesOf({ chat_template_kwargs: { enable_thinking: false } })).toEqual({
      enable_thinking: false,
    });
    expect(variablesOf({ reasoning_effort: 'none' })).toEqual({ enable_thinking: false });
    const other = requestOf({ reasoning_effort: 'none' }, { chatTemplate: '{% if thinking %}x{% endif %}' });
    expect(other?.prompt).toMatchObject({ templateVariables: { thinking: false } });
    expect(refusalOf(() => variablesOf({ reasoning_effort: 'high' }))).toEqual(
      unsupported('reasoning_effort'),
    );
    expect(refusalOf(() => variablesOf({ chat_template_kwargs: { role: 1 } }))).toEqual(
      unsupported('chat_template_kwargs.role'),
    );
  });

  it('hands reasoning_effort on to a template that reads it', () => {
    const request = requestOf({ reasoning_effort: 'low' }, { chatTemplate: '{{ reasoning_effort }}' });
    expect(request?.prompt).toMatchObject({ templateVariables: { reasoning_effort: 'low' } });
  });
});
