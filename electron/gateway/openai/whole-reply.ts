import type { TokenLogprob } from '../../engine/engine.ts';
import { toChatLogprobs, toCompletionLogprobs } from './logprobs.ts';
import type { ChatCompletion, Completion, OpenAiFinishReason } from './reply-schemas.ts';
import type { Report } from './report.ts';
import type { ReplyHead } from './stream-encoder.ts';

/** One finished choice, put together from its events. */
export interface Answer {
  readonly content: string;
  readonly reasoning: string;
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  /** `undefined` when none were asked for. */
  readonly logprobs: readonly TokenLogprob[] | undefined;
  readonly reason: OpenAiFinishReason;
}

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
    finish_reason: answer.reason,
  })),
  ...report,
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
    finish_reason: answer.reason,
  })),
  ...report,
});
