import { describe, expect, it } from 'vitest';
import { createChatEncoder } from '../../../../electron/gateway/openai/chat-stream.ts';
import { createCompletionEncoder } from '../../../../electron/gateway/openai/completion-stream.ts';
import { chatChunkSchema, completionChunkSchema } from '../../../../electron/gateway/openai/reply-schemas.ts';
import { createReport } from '../../../support/gateway-report.ts';

const head = { id: 'chatcmpl-1', createdSeconds: 1, model: 'a "quoted" model', fingerprint: 'f' };
const usage = { promptTokens: 1, cachedTokens: 0, outputTokens: 2, reasoningTokens: 0 };
const openaiUsage = {
  prompt_tokens: 1,
  completion_tokens: 2,
  total_tokens: 3,
  prompt_tokens_details: { cached_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
};
const report = createReport(usage);
const logprobs = [
  { token: 'a\n', logprob: -0.5, bytes: [97, 10], top: [{ token: 'b', logprob: -1, bytes: [98] }] },
];
const awkward = 'line\nbreak "quote" \u2028 😀 \u0000';

const jsonOf = (event: string): unknown => {
  expect(event).toMatch(/^data: [^\n\r]+\n\n$/u);
  return JSON.parse(event.slice('data: '.length));
};

describe.each([true, false])('chunks of a chat, usage asked for: %s', (includesUsage) => {
  const encoder = createChatEncoder(head, includesUsage);

  it.each([
    ['role', encoder.open(1, true), { role: 'assistant', content: '' }, null],
    ['content', encoder.text(1, 'content', awkward, undefined), { content: awkward }, null],
    ['reasoning', encoder.text(1, 'reasoning', awkward, logprobs), { reasoning_content: awkward }, null],
    [
      'a new call',
      encoder.toolCall(1, { index: 0, id: 'c', name: 'f' }),
      { tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '' } }] },
      null,
    ],
    [
      'arguments',
      encoder.toolArguments(1, 0, '{"a'),
      { tool_calls: [{ index: 0, function: { arguments: '{"a' } }] },
      null,
    ],
    ['the end', encoder.finish(1, { reason: 'tool-calls' }, undefined), {}, 'tool_calls'],
  ])('%s', (_, event, delta, finish_reason) => {
    const chunk = chatChunkSchema.parse(jsonOf(event));
    expect(chunk).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model: head.model,
      system_fingerprint: 'f',
      choices: [{ index: 1, delta, logprobs: null, finish_reason }],
      ...(includesUsage ? { usage: null } : {}),
    });
  });

  it('carries log-probabilities beside the text', () => {
    const chunk = chatChunkSchema.parse(jsonOf(encoder.text(0, 'content', 'a\n', logprobs)));
    expect(chunk.choices[0]?.logprobs?.content[0]).toEqual({
      token: 'a\n',
      logprob: -0.5,
      bytes: [97, 10],
      top_logprobs: [{ token: 'b', logprob: -1, bytes: [98] }],
    });
  });

  it('ends with the timings, and with usage in a chunk of its own', () => {
    expect(chatChunkSchema.parse(jsonOf(encoder.finish(0, { reason: 'stop' }, report)))).toMatchObject({
      timings: report.timings,
      stats: report.stats,
    });
    const end = encoder.end(report);
    expect(end.endsWith('data: [DONE]\n\n')).toBe(true);
    if (!includesUsage) return;
    const chunk = jsonOf(end.slice(0, -'data: [DONE]\n\n'.length));
    expect(chatChunkSchema.parse(chunk)).toMatchObject({ choices: [], usage: openaiUsage });
  });
});

describe('chunks of a completion', () => {
  const encoder = createCompletionEncoder(head, false);

  it('hold text, and offsets of tokens that run on over chunks', () => {
    const first = completionChunkSchema.parse(jsonOf(encoder.text(0, 'content', 'a\n', logprobs)));
    const second = completionChunkSchema.parse(jsonOf(encoder.text(0, 'content', 'a\n', logprobs)));
    expect(first.choices[0]).toEqual({
      index: 0,
      text: 'a\n',
      logprobs: { tokens: ['a\n'], token_logprobs: [-0.5], top_logprobs: [{ b: -1 }], text_offset: [0] },
      finish_reason: null,
    });
    expect(second.choices[0]?.logprobs?.text_offset).toEqual([2]);
  });

  it('end with a reason and the report', () => {
    const chunk = completionChunkSchema.parse(jsonOf(encoder.finish(0, { reason: 'length' }, report)));
    expect(chunk).toMatchObject({
      choices: [{ text: '', finish_reason: 'length' }],
      timings: report.timings,
    });
  });
});
