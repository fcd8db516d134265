import type { TokenLogprob } from '../../engine/engine.ts';
import type { Clock } from '../../platform/ports.ts';
import type { AnswerEnd, GenerationFormat, ToolCall } from '../generation/format.ts';
import { readArguments } from '../generation/read-arguments.ts';
import type { Report } from '../generation/report.ts';
import { toOpenAiUsage } from '../openai/usage.ts';

type Kind = 'chat' | 'generate';

interface Piece {
  readonly content?: string;
  readonly thinking?: string;
  readonly toolCalls?: readonly ToolCall[];
}

const nanoseconds = (ms: number): number => Math.round(ms * 1e6);

const toLogprobs = (tokens: readonly TokenLogprob[] | undefined) =>
  tokens === undefined
    ? {}
    : {
        logprobs: tokens.map(({ token, logprob, bytes, top }) => ({
          token,
          logprob,
          bytes: [...bytes],
          top_logprobs: top.map((each) => ({
            token: each.token,
            logprob: each.logprob,
            bytes: [...each.bytes],
          })),
        })),
      };

/** The answer, or a piece of it, at the place where the route has it. */
const toBody = (kind: Kind, { content = '', thinking, toolCalls = [] }: Piece) => {
  const thoughts = thinking === undefined || thinking === '' ? {} : { thinking };
  if (kind === 'generate') return { response: content, ...thoughts };
  return {
    message: {
      role: 'assistant',
      content,
      ...thoughts,
      ...(toolCalls.length === 0
        ? {}
        : {
            tool_calls: toolCalls.map((call, index) => ({
              id: call.id,
              function: { index, name: call.name, arguments: readArguments(call.arguments) },
            })),
          }),
    },
  };
};

/** Ollama has two words for the end of an answer; a call is a stop. */
const toEnd = ({ reason }: AnswerEnd, { usage, timings, stats, totalMs }: Report) => ({
  done: true,
  done_reason: reason === 'length' ? 'length' : 'stop',
  total_duration: nanoseconds(totalMs),
  load_duration: 0,
  prompt_eval_count: usage.promptTokens,
  prompt_eval_duration: nanoseconds(timings.prompt_ms),
  eval_count: usage.outputTokens,
  eval_duration: nanoseconds(timings.predicted_ms),
  usage: toOpenAiUsage(usage),
  timings,
  stats,
});

/** What Ollama answers when a model is asked for and nothing of it. */
export const toLoadReply = (kind: Kind, model: string, clock: Clock): unknown => ({
  model,
  created_at: new Date(clock.nowMs()).toISOString(),
  ...toBody(kind, {}),
  done: true,
  done_reason: 'load',
});

/** Ollama's reply, or its lines of JSON. A call is written once it is whole, as an object. */
export const ollamaFormat = (kind: Kind, model: string, clock: Clock): GenerationFormat => {
  const head = () => ({ model, created_at: new Date(clock.nowMs()).toISOString() });
  return {
    idPrefix: 'ollama-',
    parameterNames: { response_format: 'format' },
    whole: (_head, [answer], report) => ({
      ...head(),
      ...toBody(kind, {
        content: answer?.content ?? '',
        thinking: answer?.reasoning ?? '',
        toolCalls: answer?.toolCalls ?? [],
      }),
      ...toLogprobs(answer?.logprobs),
      ...toEnd(answer ?? { reason: 'stop' }, report),
    }),
    encoder: () => {
      const calls: { readonly id: string; readonly name: string; arguments: string }[] = [];
      const line = (piece: Piece, rest: object): string =>
        `${JSON.stringify({ ...head(), ...toBody(kind, piece), ...rest })}\n`;
      return {
        begin: () => '',
        open: () => '',
        text: (_choice, channel, text, logprobs) =>
          line(channel === 'content' ? { content: text } : { thinking: text }, {
            ...toLogprobs(channel === 'content' ? logprobs : undefined),
            done: false,
          }),
        toolCall: (_choice, { id, name }) => {
          calls.push({ id, name, arguments: '' });
          return '';
        },
        toolArguments: (_choice, index, piece) => {
          const call = calls[index];
          if (call !== undefined) call.arguments += piece;
          return '';
        },
        finish: (_choice, end, report) =>
          (calls.length === 0 ? '' : line({ toolCalls: calls }, { done: false })) +
          (report === undefined ? '' : line({}, toEnd(end, report))),
        end: () => '',
      };
    },
  };
};
