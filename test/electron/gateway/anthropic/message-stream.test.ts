import { expect, it } from 'vitest';
import { messageFormat } from '../../../../electron/gateway/anthropic/message-format.ts';
import { createReport, sampleHead } from '../../../support/gateway-report.ts';

const eventsOf = (text: string): readonly { readonly type: string }[] =>
  text
    .split('\n\n')
    .slice(0, -1)
    .map((event) => {
      const [name = '', data = ''] = event.split('\n');
      const parsed = JSON.parse(data.slice('data: '.length)) as { readonly type: string };
      expect(name).toBe(`event: ${parsed.type}`);
      return parsed;
    });

it('opens, grows and closes one block after another, and ends with the reason and the usage', () => {
  const encoder = messageFormat.encoder(sampleHead);
  const report = createReport({ promptTokens: 9, cachedTokens: 4, outputTokens: 5, reasoningTokens: 1 });
  const text =
    encoder.begin({ promptTokens: 9, cachedTokens: 4 }) +
    encoder.open(0, true) +
    encoder.text(0, 'reasoning', 'Hm.', undefined) +
    encoder.text(0, 'content', 'a', undefined) +
    encoder.text(0, 'content', '"b', undefined) +
    encoder.toolCall(0, { index: 0, id: 'c1', name: 'f' }) +
    encoder.toolArguments(0, 0, '{"x"') +
    encoder.finish(0, { reason: 'tool-calls' }, report) +
    encoder.end(report);
  expect(eventsOf(text)).toMatchObject([
    {
      type: 'message_start',
      message: { id: 'id-1', role: 'assistant', content: [], usage: { input_tokens: 5, output_tokens: 0 } },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'a' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: '"b' } },
    { type: 'content_block_stop', index: 1 },
    { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', id: 'c1', name: 'f' } },
    { type: 'content_block_delta', index: 2, delta: { type: 'input_json_delta', partial_json: '{"x"' } },
    { type: 'content_block_stop', index: 2 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'tool_use', stop_sequence: null },
      usage: {
        input_tokens: 5,
        cache_read_input_tokens: 4,
        output_tokens: 5,
        output_tokens_details: { thinking_tokens: 1 },
        total_tokens: 14,
      },
      timings: report.timings,
      stats: report.stats,
    },
    { type: 'message_stop' },
  ]);
});

it('writes a whole message, its calls as objects', () => {
  const answer = { content: '', reasoning: 'Hm.', logprobs: undefined, reason: 'tool-calls' } as const;
  const calls = [
    { id: 'c1', name: 'f', arguments: '{"x":1}' },
    { id: 'c2', name: 'g', arguments: '' },
    { id: 'c3', name: 'h', arguments: '{"cut' },
  ];
  expect(messageFormat.whole(sampleHead, [{ ...answer, toolCalls: calls }], createReport())).toMatchObject({
    type: 'message',
    stop_reason: 'tool_use',
    content: [
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'tool_use', id: 'c1', name: 'f', input: { x: 1 } },
      { type: 'tool_use', id: 'c2', name: 'g', input: {} },
      { type: 'tool_use', id: 'c3', name: 'h', input: { INVALID_JSON: '{"cut' } },
    ],
  });
});

it.each([
  [{ reason: 'stop' }, 'end_turn', null],
  [{ reason: 'stop', stopText: 'END' }, 'stop_sequence', 'END'],
  [{ reason: 'length' }, 'max_tokens', null],
] as const)('names the end %j', (end, stop_reason, stop_sequence) => {
  const answer = { content: 'a', reasoning: '', toolCalls: [], logprobs: undefined, ...end };
  expect(messageFormat.whole(sampleHead, [answer], createReport())).toMatchObject({
    stop_reason,
    stop_sequence,
  });
});
