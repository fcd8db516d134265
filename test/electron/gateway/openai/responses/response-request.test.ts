import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../../../../electron/engine/engine.ts';
import { createResponseStore } from '../../../../../electron/gateway/openai/responses/response-store.ts';
import { toResponseCall } from '../../../../../electron/gateway/openai/responses/response-request.ts';
import { responseRequestSchema } from '../../../../../electron/gateway/openai/responses/response-schema.ts';
import { parseParameters } from '../../../../../electron/gateway/parameters/parse-parameters.ts';
import { createFakeRandom } from '../../../../support/fake-random.ts';
import { createReport, sampleHead } from '../../../../support/gateway-report.ts';
import { createServedModel } from '../../../../support/gateway-model.ts';

const open = () => {
  const ports = { random: createFakeRandom(), responses: createResponseStore(), keyId: 'k1' };
  const call = (body: object, keyId = 'k1') =>
    toResponseCall(
      parseParameters(responseRequestSchema, { input: 'Hi', ...body }),
      createServedModel({ chatTemplate: '{{ messages }}{{ tools }}' }),
      { ...ports, keyId },
    );
  return { call, requestOf: (body: object) => call(body).choices[0]?.request };
};
const tool = { type: 'function', name: 'f', parameters: { type: 'object' }, strict: true };
const answer = {
  content: 'Hello',
  reasoning: '',
  toolCalls: [],
  logprobs: undefined,
  reason: 'stop',
} as const;

describe('a request of the Responses API', () => {
  it('takes instructions, tools and every item, those of one turn as one message', () => {
    const input = [
      { role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
      { type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] },
      {
        type: 'message',
        role: 'assistant',
        id: 'msg_1',
        status: 'completed',
        content: [{ type: 'output_text', text: 'I ask.', annotations: [], logprobs: [] }],
      },
      { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'f', arguments: '{}', status: 'completed' },
      { type: 'function_call_output', call_id: 'c1', output: 'Rain' },
    ];
    expect(open().requestOf({ input, instructions: 'Be brief.', tools: [tool] })?.prompt).toEqual({
      type: 'chat',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Weather?' },
        {
          role: 'assistant',
          content: 'I ask.',
          reasoning: 'Hm.',
          toolCalls: [{ id: 'c1', name: 'f', arguments: '{}' }],
        },
        { role: 'tool', content: 'Rain', toolCallId: 'c1' },
      ],
      tools: [{ name: 'f', parameters: { type: 'object' }, isStrict: true }],
    });
  });

  it('goes on from a response of the same key, without its instructions', () => {
    const { call } = open();
    call({ instructions: 'Shout.' }).format.whole(sampleHead, [answer], createReport());
    const next = call({ previous_response_id: sampleHead.id, input: 'And?' });
    expect(next.choices[0]?.request.prompt).toMatchObject({
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello' },
        { role: 'user', content: 'And?' },
      ],
    });
    expect(() => call({ previous_response_id: sampleHead.id }, 'k2')).toThrow(
      expect.objectContaining({ code: 'gateway.previous-response-not-found' }),
    );
  });

  it('keeps nothing when told to store nothing', () => {
    const { call } = open();
    call({ store: false }).format.whole(sampleHead, [answer], createReport());
    expect(() => call({ previous_response_id: sampleHead.id })).toThrow(
      expect.objectContaining({ details: { param: 'previous_response_id' } }),
    );
  });

  it.each([
    [{ type: 'text' }, undefined],
    [{ type: 'json_object' }, { type: 'json-object' }],
    [
      { type: 'json_schema', name: 'x', strict: true, schema: { type: 'object' } },
      { type: 'json-schema', schema: { type: 'object' } },
    ],
  ])('reads the text format %j', (format, grammar) => {
    expect(open().requestOf({ text: { format } })?.grammar).toEqual(grammar);
  });

  it.each([
    ['seed', { seed: 1 }, 'unsupported-parameter'],
    ['conversation', { conversation: 'c' }, 'unsupported-parameter'],
    ['background', { background: true }, 'unsupported-parameter'],
    ['background', { background: 'later' }, 'invalid-value'],
    ['truncation', { truncation: 'auto' }, 'unsupported-parameter'],
    ['truncation', { truncation: 'some' }, 'invalid-value'],
    ['text.verbosity', { text: { verbosity: 'low' } }, 'unsupported-parameter'],
    ['include[0]', { include: ['file_search_call.results'] }, 'unsupported-parameter'],
    ['include[0]', { include: ['weather'] }, 'invalid-value'],
    ['service_tier', { service_tier: 'flex' }, 'unsupported-parameter'],
    [
      'stream_options.include_obfuscation',
      { stream_options: { include_obfuscation: true } },
      'unsupported-parameter',
    ],
    ['tools[0].type', { tools: [{ type: 'web_search' }] }, 'unsupported-parameter'],
    ['tools[1].name', { tools: [tool, tool] }, 'invalid-value'],
    ['reasoning.effort', { reasoning: { effort: 'high' } }, 'unsupported-parameter'],
    ['tool_choice.name', { tools: [tool], tool_choice: { type: 'function', name: 'g' } }, 'invalid-value'],
    ['input[0].type', { input: [{ type: 'item_reference', id: 'x' }] }, 'unsupported-parameter'],
  ])('refuses %s by name', (param, body, code) => {
    expect(() => open().requestOf(body)).toThrow(
      expect.objectContaining({ code: `gateway.${code}`, details: { param } }),
    );
  });
});

it('forgets the oldest response of a key first, and never those of another', () => {
  const store = createResponseStore();
  const keep = (messages: readonly ChatMessage[]) => ({ messages, isStored: true });
  store.put('other', 'r', keep([{ role: 'user', content: 'mine' }]));
  for (let at = 0; at <= 256; at += 1) store.put('k', `r${at}`, keep([]));
  expect(() => store.get('k', 'r0')).toThrow(/no response r0/u);
  expect(store.get('k', 'r1')).toEqual([]);
  store.put('k', 'large', keep([{ role: 'user', content: 'x'.repeat(8 * 1_048_576 - 200) }]));
  store.put('k', 'last', keep([{ role: 'user', content: 'x'.repeat(200) }]));
  expect(() => store.get('k', 'large')).toThrow();
  expect(store.get('k', 'last')).toHaveLength(1);
  expect(store.get('other', 'r')).toHaveLength(1);
});
