import type { Answer, ReplyHead } from '../generation/format.ts';
import type { Report } from '../generation/report.ts';
import { toChatLogprobs, toCompletionLogprobs } from './logprobs.ts';
import type { ChatCompletion, Completion } from './reply-schemas.ts';
import { toFinishReason, toOpenAiUsage } from './usage.ts';

/** The body of a chat completion that is not streamed. */
export const toChatCompletion = (
  head: ReplyHead,
  answers: readonly Answer[],
  report: Report,
): ChatCompletion => ({
  id: head.id,
  object: 'chat.completion',
  created: head.createdSeconds,
  model: head.model,
  system_fingerprint: head.fingerprint,
  choices: answers.map((answer, index) => ({
    index,
    message: {
      role: 'assistant',
      content: answer.content === '' && answer.toolCalls.length > 0 ? null : answer.content,
      refusal: null,
      ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
      ...(answer.toolCalls.length === 0
        ? {}
        : {
            tool_calls: answer.toolCalls.map((call) => ({
              id: call.id,
              type: 'function' as const,
              function: { name: call.name, arguments: call.arguments },
            })),
          }),
    },
    logprobs: answer.logprobs === undefined ? null : toChatLogprobs(answer.logprobs),
    finish_reason: toFinishReason(answer.reason),
  })),
  usage: toOpenAiUsage(report.usage),
  timings: report.timings,
  stats: report.stats,
});

/** The body of a text completion that is not streamed. */
export const toCompletion = (head: ReplyHead, answers: readonly Answer[], report: Report): Completion => ({
  id: head.id,
  object: 'text_completion',
  created: head.createdSeconds,
  model: head.model,
  system_fingerprint: head.fingerprint,
  choices: answers.map((answer, index) => ({
    index,
    text: answer.reasoning + answer.content,
    logprobs: answer.logprobs === undefined ? null : toCompletionLogprobs(answer.logprobs, 0),
    finish_reason: toFinishReason(answer.reason),
  })),
  usage: toOpenAiUsage(report.usage),
  timings: report.timings,
  stats: report.stats,
});
