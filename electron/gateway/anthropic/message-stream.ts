import type { ReplyHead, StreamEncoder } from '../generation/format.ts';
import { toMessageUsage, toStop, toWholeUsage } from './message-numbers.ts';

const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

const blocks = {
  content: { start: { type: 'text', text: '', citations: null }, delta: 'text_delta', field: 'text' },
  reasoning: {
    start: { type: 'thinking', thinking: '', signature: '' },
    delta: 'thinking_delta',
    field: 'thinking',
  },
} as const;

/**
 * Anthropic's events: `message_start`, blocks that open, grow and close one after another, `message_delta`,
 * `message_stop`.
 */
export const createMessageEncoder = (head: ReplyHead): StreamEncoder => {
  let index = -1;
  let kind: 'content' | 'reasoning' | 'tool' | undefined;
  const close = (): string => (kind === undefined ? '' : event('content_block_stop', { index }));
  const start = (next: 'content' | 'reasoning' | 'tool', block: object): string => {
    const closed = close();
    kind = next;
    index += 1;
    return closed + event('content_block_start', { index, content_block: block });
  };

  return {
    begin: ({ promptTokens, cachedTokens }) =>
      event('message_start', {
        message: {
          id: head.id,
          type: 'message',
          role: 'assistant',
          model: head.model,
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: toMessageUsage({ promptTokens, cachedTokens, outputTokens: 0, reasoningTokens: 0 }),
        },
      }),
    open: () => '',
    text: (_choice, channel, text) => {
      const block = blocks[channel];
      const opening = kind === channel ? '' : start(channel, block.start);
      return (
        opening + event('content_block_delta', { index, delta: { type: block.delta, [block.field]: text } })
      );
    },
    toolCall: (_choice, { id, name }) => start('tool', { type: 'tool_use', id, name, input: {} }),
    toolArguments: (_choice, _call, piece) =>
      event('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: piece } }),
    finish: (_choice, end, report) => {
      const closed = close();
      kind = undefined;
      return report === undefined
        ? closed
        : closed +
            event('message_delta', {
              delta: toStop(end),
              usage: toWholeUsage(report.usage),
              timings: report.timings,
              stats: report.stats,
            });
    },
    end: () => event('message_stop', {}),
  };
};
