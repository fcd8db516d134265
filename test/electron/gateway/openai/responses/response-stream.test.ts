import { expect, it } from 'vitest';
import { z } from 'zod';
import { responseFormat } from '../../../../../electron/gateway/openai/responses/response-format.ts';
import { responseRequestSchema } from '../../../../../electron/gateway/openai/responses/response-schema.ts';
import type { AnswerEnd } from '../../../../../electron/gateway/generation/format.ts';
import { createReport, sampleHead } from '../../../../support/gateway-report.ts';

const request = responseRequestSchema.parse({ input: 'Hi' });
const eventSchema = z.looseObject({ type: z.string(), sequence_number: z.number() });
const report = createReport({ promptTokens: 9, cachedTokens: 4, outputTokens: 5, reasoningTokens: 1 });

const streamOf = (end: AnswerEnd, withCall: boolean) => {
  const kept: unknown[] = [];
  const encoder = responseFormat(request, (id, answer) => kept.push([id, answer])).encoder(sampleHead);
  const text =
    encoder.begin({ promptTokens: 9, cachedTokens: 4 }) +
    encoder.open(0, true) +
    encoder.text(0, 'reasoning', 'Hm.', undefined) +
    encoder.text(0, 'content', 'a', undefined) +
    encoder.text(0, 'content', 'b', undefined) +
    (withCall
      ? encoder.toolCall(0, { index: 0, id: 'c1', name: 'f' }) + encoder.toolArguments(0, 0, '{}')
      : '') +
    encoder.finish(0, end, report) +
    encoder.end(report);
  const events = text
    .split('\n\n')
    .slice(0, -1)
    .map((each) => {
      const [name = '', data = ''] = each.split('\n');
      const event = eventSchema.parse(JSON.parse(data.slice('data: '.length)));
      expect(name).toBe(`event: ${event.type}`);
      return event;
    });
  return { events, kept };
};

it('tells of every item that it is added, grows and is done, in one running order', () => {
  const { events, kept } = streamOf({ reason: 'tool-calls' }, true);
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
  expect(events.map(({ type }) => type.slice('response.'.length))).toEqual([
    'created',
    'in_progress',
    'output_item.added',
    'content_part.added',
    'reasoning_text.delta',
    'reasoning_text.done',
    'content_part.done',
    'output_item.done',
    'output_item.added',
    'content_part.added',
    'output_text.delta',
    'output_text.delta',
    'output_text.done',
    'content_part.done',
    'output_item.done',
    'output_item.added',
    'function_call_arguments.delta',
    'function_call_arguments.done',
    'output_item.done',
    'completed',
  ]);
  expect(events[11]).toMatchObject({ item_id: 'msg_id-1_1', output_index: 1, content_index: 0, delta: 'b' });
  expect(events.at(-1)).toMatchObject({
    response: {
      status: 'completed',
      output: [
        { type: 'reasoning', content: [{ text: 'Hm.' }], status: 'completed' },
        { type: 'message', content: [{ type: 'output_text', text: 'ab' }] },
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
      ],
      usage: {
        input_tokens: 9,
        input_tokens_details: { cached_tokens: 4 },
        output_tokens: 5,
        output_tokens_details: { reasoning_tokens: 1 },
        total_tokens: 14,
      },
      stats: report.stats,
    },
  });
  expect(kept).toEqual([
    [
      sampleHead.id,
      {
        role: 'assistant',
        content: 'ab',
        reasoning: 'Hm.',
        toolCalls: [{ id: 'c1', name: 'f', arguments: '{}' }],
      },
    ],
  ]);
});

it('says that an answer was cut off', () => {
  expect(streamOf({ reason: 'length' }, false).events.at(-1)).toMatchObject({
    type: 'response.incomplete',
    response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
  });
});
