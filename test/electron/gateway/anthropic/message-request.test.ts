import { describe, expect, it } from 'vitest';
import {
  countRequestSchema,
  messageRequestSchema,
  toCountCall,
  toMessageCall,
} from '../../../../electron/gateway/anthropic/message-request.ts';
import { parseParameters } from '../../../../electron/gateway/parameters/parse-parameters.ts';
import type { ModelInfo } from '../../../../electron/gateway/router/route-table.ts';
import { createFakeRandom } from '../../../support/fake-random.ts';
import { createServedModel } from '../../../support/gateway-model.ts';
import { createScriptedReplica } from '../../../support/scripted-replica.ts';

const base = { model: 'demo', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] };
const callOf = (body: object, info: Partial<ModelInfo> = {}) =>
  toMessageCall(
    parseParameters(messageRequestSchema, { ...base, ...body }),
    createServedModel(info),
    createFakeRandom(),
  );
const requestOf = (body: object, info: Partial<ModelInfo> = {}) => callOf(body, info).choices[0]?.request;
const tool = { name: 'f', description: 'd', input_schema: { type: 'object' } };

describe('a message request', () => {
  it('takes system, blocks of every kind and tool results, in the order the model must see them', () => {
    const request = requestOf({
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      tools: [tool],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature: '' },
            { type: 'text', text: 'I ask.' },
            { type: 'tool_use', id: 'c1', name: 'f', input: { city: 'Oslo' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Well?' },
            { type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'Rain' }] },
          ],
        },
      ],
    });
    expect(request?.prompt).toEqual({
      type: 'chat',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Weather?' },
        {
          role: 'assistant',
          content: 'I ask.',
          reasoning: 'Hm.',
          toolCalls: [{ id: 'c1', name: 'f', arguments: '{"city":"Oslo"}' }],
        },
        { role: 'tool', content: 'Rain', toolCallId: 'c1' },
        { role: 'user', content: 'Well?' },
      ],
      tools: [{ name: 'f', description: 'd', parameters: { type: 'object' } }],
    });
  });

  it('hands sampling, length and stops to the engine', () => {
    expect(
      requestOf({ temperature: 0.5, top_p: 0.9, top_k: 40, stop_sequences: ['END'], max_tokens: 7 }),
    ).toMatchObject({
      sampling: { temperature: 0.5, topP: 0.9, topK: 40 },
      maxTokens: 7,
      stop: ['END'],
    });
  });

  it.each([
    [{ type: 'auto' }, { type: 'auto' }],
    [{ type: 'any' }, { type: 'required' }],
    [
      { type: 'tool', name: 'f' },
      { type: 'named', name: 'f' },
    ],
    [{ type: 'none' }, { type: 'none' }],
  ])('reads the tool choice %j', (tool_choice, toolChoice) => {
    expect(requestOf({ tools: [tool], tool_choice })?.prompt).toMatchObject({ toolChoice });
  });

  it('keeps the answer to one call when told to', () => {
    const tool_choice = { type: 'any', disable_parallel_tool_use: true };
    expect(callOf({ tools: [tool], tool_choice }).choices[0]?.allowsParallelToolCalls).toBe(false);
  });

  it('turns thoughts on and off in the words of the template, and says that a budget is not enforced', () => {
    const info = { chatTemplate: '{{ enable_thinking }}' };
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    expect(requestOf({ thinking }, info)?.prompt).toMatchObject({
      templateVariables: { enable_thinking: true },
    });
    expect(callOf({ thinking }, info).warnings?.[0]).toContain('budget_tokens');
    expect(requestOf({ thinking: { type: 'disabled' } }, info)?.prompt).toMatchObject({
      templateVariables: { enable_thinking: false },
    });
  });

  it('sets every switch of thoughts that the template reads: some know one for on and another for off', () => {
    const info = { chatTemplate: '{% if enable_thinking is false %}{% elif thinking %}{% endif %}' };
    const variablesOf = (type: string) => {
      const prompt = requestOf(
        { thinking: { type, ...(type === 'enabled' && { budget_tokens: 1024 }) } },
        info,
      )?.prompt;
      return prompt?.type === 'chat' ? prompt.templateVariables : undefined;
    };
    expect(variablesOf('enabled')).toEqual({ enable_thinking: true, thinking: true });
    expect(variablesOf('disabled')).toEqual({ enable_thinking: false, thinking: false });
  });

  it('says what the model is not told', () => {
    const result = { type: 'tool_result', tool_use_id: 'c1', content: 'No.', is_error: true };
    const call = callOf({
      thinking: { type: 'adaptive', display: 'summarized' },
      messages: [{ role: 'user', content: [result] }],
    });
    expect(call.warnings?.map((warning) => warning.split(':')[0])).toEqual([
      'thinking.display',
      'tool_result.is_error',
    ]);
  });

  it('holds the answer to a JSON schema', () => {
    const format = { type: 'json_schema', schema: { type: 'object' } };
    expect(requestOf({ output_config: { format } })?.grammar).toEqual({
      type: 'json-schema',
      schema: { type: 'object' },
    });
  });

  it.each([
    ['seed', { seed: 1 }, 'unsupported-parameter'],
    ['mcp_servers', { mcp_servers: [] }, 'unsupported-parameter'],
    ['thinking', { thinking: { type: 'adaptive' } }, 'unsupported-parameter'],
    ['temperature', { temperature: 1.5 }, 'invalid-value'],
    ['tools[0].type', { tools: [{ ...tool, type: 'web_search_20250305' }] }, 'unsupported-parameter'],
    ['tools[0].type', { tools: [{ ...tool, type: 5 }] }, 'invalid-value'],
    ['thinking.display', { thinking: { type: 'adaptive', display: 'omitted' } }, 'unsupported-parameter'],
    ['output_config.effort', { output_config: { effort: 'max' } }, 'unsupported-parameter'],
    ['output_config.effort', { output_config: { effort: 'none' } }, 'invalid-value'],
    ['tools[1].name', { tools: [tool, tool] }, 'invalid-value'],
    ['tool_choice', { tool_choice: { type: 'any' } }, 'invalid-value'],
    ['tool_choice.name', { tools: [tool], tool_choice: { type: 'tool', name: 'g' } }, 'invalid-value'],
    [
      'messages[0].content[0].type',
      { messages: [{ role: 'user', content: [{ type: 'image', source: {} }] }] },
      'unsupported-parameter',
    ],
  ])('refuses %s by name', (param, body, code) => {
    expect(() => requestOf(body, { chatTemplate: '{{ messages }}{{ tools }}' })).toThrow(
      expect.objectContaining({ code: `gateway.${code}`, details: { param } }),
    );
  });
});

it('counts the tokens of the prompt as the engine renders it', async () => {
  const { max_tokens: _, ...body } = base;
  const call = toCountCall(parseParameters(countRequestSchema, body), createServedModel());
  const replica = {
    ...createScriptedReplica(),
    renderChat: () => Promise.resolve({ text: 'xxxx', tokens: 4 }),
  };
  expect(await call.answer(replica, new AbortController().signal)).toEqual({ input_tokens: 4 });
});
