import { toCompletionLogprobs } from './logprobs.ts';
import type { ReplyHead, StreamEncoder } from '../generation/format.ts';
import { STREAM_END } from './stream-end.ts';
import { toFinishReason, toOpenAiUsage } from './usage.ts';

/** Chunks of `text_completion`, in the manner of `createChatEncoder`; there are no roles and no tools here. */
export const createCompletionEncoder = (head: ReplyHead, includesUsage: boolean): StreamEncoder => {
  const common =
    `data: {"id":${JSON.stringify(head.id)},"object":"text_completion","created":${head.createdSeconds},` +
    `"model":${JSON.stringify(head.model)},"system_fingerprint":${JSON.stringify(head.fingerprint)},"choices":[`;
  const noUsage = includesUsage ? ',"usage":null' : '';
  const offsets = new Map<number, number>();

  return {
    begin: () => '',
    open: () => '',
    text: (choice, _channel, text, logprobs) => {
      let encoded = 'null';
      if (logprobs !== undefined) {
        const offset = offsets.get(choice) ?? 0;
        encoded = JSON.stringify(toCompletionLogprobs(logprobs, offset));
        offsets.set(choice, offset + logprobs.reduce((sum, { token }) => sum + token.length, 0));
      }
      return `${common}{"text":${JSON.stringify(text)},"index":${choice},"logprobs":${encoded},"finish_reason":null}]${noUsage}}\n\n`;
    },
    toolCall: () => '',
    toolArguments: () => '',
    finish: (choice, { reason }, report) => {
      const numbers =
        report === undefined
          ? ''
          : `,"timings":${JSON.stringify(report.timings)},"stats":${JSON.stringify(report.stats)}`;
      return `${common}{"text":"","index":${choice},"logprobs":null,"finish_reason":"${toFinishReason(reason)}"}]${noUsage}${numbers}}\n\n`;
    },
    end: ({ usage }) =>
      includesUsage
        ? `${common}],"usage":${JSON.stringify(toOpenAiUsage(usage))}}\n\n${STREAM_END}`
        : STREAM_END,
  };
};
