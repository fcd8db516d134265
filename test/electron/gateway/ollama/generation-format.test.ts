import { expect, it } from 'vitest';
import { ollamaFormat } from '../../../../electron/gateway/ollama/generation-format.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createReport, sampleHead } from '../../../support/gateway-report.ts';

const linesOf = (text: string): readonly unknown[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
const report = createReport({ promptTokens: 9, cachedTokens: 4, outputTokens: 5, reasoningTokens: 2 });
const usage = {
  prompt_tokens: 9,
  completion_tokens: 5,
  total_tokens: 14,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 2 },
};

it('streams one JSON object a line, a call once it is whole, durations in nanoseconds', () => {
  const encoder = ollamaFormat('chat', 'demo:latest', createFakeClock()).encoder(sampleHead);
  const text =
    encoder.begin({ promptTokens: 9, cachedTokens: 0 }) +
    encoder.open(0, true) +
    encoder.text(0, 'reasoning', 'Hm.', undefined) +
    encoder.text(0, 'content', 'a\nb', undefined) +
    encoder.toolCall(0, { index: 0, id: 'c1', name: 'f' }) +
    encoder.toolArguments(0, 0, '{"x"') +
    encoder.toolArguments(0, 0, ':1}') +
    encoder.finish(0, { reason: 'tool-calls' }, report) +
    encoder.end(report);
  expect(linesOf(text)).toMatchObject([
    { model: 'demo:latest', message: { role: 'assistant', content: '', thinking: 'Hm.' }, done: false },
    { message: { content: 'a\nb' }, done: false },
    { message: { content: '', tool_calls: [{ function: { name: 'f', arguments: { x: 1 } } }] }, done: false },
    {
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: 'stop',
      total_duration: 20e6,
      load_duration: 0,
      prompt_eval_count: 9,
      prompt_eval_duration: 6e6,
      eval_count: 5,
      eval_duration: 10e6,
      usage,
      stats: report.stats,
    },
  ]);
});

it('writes a whole reply of /api/generate, with its thoughts and its log-probabilities', () => {
  const logprobs = [{ token: 'a', logprob: -1, bytes: [97], top: [] }];
  const answer = { content: 'a', reasoning: 'Hm.', toolCalls: [], logprobs, reason: 'length' } as const;
  const format = ollamaFormat('generate', 'demo', createFakeClock());
  expect(format.whole(sampleHead, [answer], report)).toMatchObject({
    response: 'a',
    thinking: 'Hm.',
    done_reason: 'length',
    logprobs: [{ token: 'a', logprob: -1, top_logprobs: [] }],
    usage,
  });
});
