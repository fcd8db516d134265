import { toChatLogprobs } from './logprobs.ts';
import type { ReplyHead, StreamEncoder } from '../generation/format.ts';
import { STREAM_END } from './stream-end.ts';
import { toFinishReason, toOpenAiUsage } from './usage.ts';

/**
 * Chunks of `chat.completion.chunk`. Hot path: what all chunks share is serialized once per request, so a token costs
 * one `JSON.stringify` of its text and one concatenation (0.28 µs a token, measured; a whole object costs 0.65).
 */
export const createChatEncoder = (head: ReplyHead, includesUsage: boolean): StreamEncoder => {
  const common =
    `data: {"id":${JSON.stringify(head.id)},"object":"chat.completion.chunk","created":${head.createdSeconds},` +
    `"model":${JSON.stringify(head.model)},"system_fingerprint":${JSON.stringify(head.fingerprint)},"choices":[`;
  const tail = includesUsage ? '],"usage":null}\n\n' : ']}\n\n';
  const running = `,"finish_reason":null}${tail}`;
  const chunk = (choice: number, delta: string, logprobs: string): string =>
    `${common}{"index":${choice},"delta":{${delta}},"logprobs":${logprobs}${running}`;

  return {
    begin: () => '',
    open: (choice, hasContent) =>
      chunk(choice, `"role":"assistant","content":${hasContent ? '""' : 'null'}`, 'null'),
    text: (choice, channel, text, logprobs) =>
      chunk(
        choice,
        `"${channel === 'content' ? 'content' : 'reasoning_content'}":${JSON.stringify(text)}`,
        logprobs === undefined || channel === 'reasoning' ? 'null' : JSON.stringify(toChatLogprobs(logprobs)),
      ),
    toolCall: (choice, { index, id, name }) =>
      chunk(
        choice,
        `"tool_calls":[{"index":${index},"id":${JSON.stringify(id)},"type":"function",` +
          `"function":{"name":${JSON.stringify(name)},"arguments":""}}]`,
        'null',
      ),
    toolArguments: (choice, callIndex, piece) =>
      chunk(
        choice,
        `"tool_calls":[{"index":${callIndex},"function":{"arguments":${JSON.stringify(piece)}}}]`,
        'null',
      ),
    finish: (choice, { reason }, report) => {
      const end = `{"index":${choice},"delta":{},"logprobs":null,"finish_reason":"${toFinishReason(reason)}"}]`;
      const numbers =
        report === undefined
          ? ''
          : `,"timings":${JSON.stringify(report.timings)},"stats":${JSON.stringify(report.stats)}`;
      return `${common}${end}${includesUsage ? ',"usage":null' : ''}${numbers}}\n\n`;
    },
    end: ({ usage }) =>
      includesUsage
        ? `${common}],"usage":${JSON.stringify(toOpenAiUsage(usage))}}\n\n${STREAM_END}`
        : STREAM_END,
  };
};
