import type { FinishReason, TokenLogprob } from '../../engine/engine.ts';
import type { Report } from './report.ts';

/** How the answers of a generation are written down; every dialect brings its own. */

/** What every object of a reply repeats. */
export interface ReplyHead {
  readonly id: string;
  readonly createdSeconds: number;
  readonly model: string;
  /** Changes when the same seed may give other tokens: version of Dyno, of llama.cpp, engine settings. */
  readonly fingerprint: string;
}

export interface AnswerEnd {
  readonly reason: FinishReason;
  /** The stop string that ended it. */
  readonly stopText?: string | undefined;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** One finished choice, put together from its events. */
export interface Answer extends AnswerEnd {
  readonly content: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  /** `undefined` when none were asked for. */
  readonly logprobs: readonly TokenLogprob[] | undefined;
}

/** A stream of one reply: each method gives the text of whole events, ready to write, or nothing. */
export interface StreamEncoder {
  /** Before everything else, when the prompt's length is known. */
  begin(prompt: { readonly promptTokens: number; readonly cachedTokens: number }): string;
  /** Opens a choice, before its first token. A choice that begins with a tool call has no content. */
  open(choice: number, hasContent: boolean): string;
  text(
    choice: number,
    channel: 'content' | 'reasoning',
    text: string,
    logprobs: readonly TokenLogprob[] | undefined,
  ): string;
  toolCall(
    choice: number,
    call: { readonly index: number; readonly id: string; readonly name: string },
  ): string;
  toolArguments(choice: number, callIndex: number, piece: string): string;
  /** Ends a choice; the last one of the reply carries the report. */
  finish(choice: number, end: AnswerEnd, report: Report | undefined): string;
  /** Ends the stream. */
  end(report: Report): string;
}

export interface GenerationFormat {
  /** Prefix of the reply's id, as `chatcmpl-`. */
  readonly idPrefix: string;
  /** The dialect's own names for parameters of OpenAI's chat, where they differ: `response_format`. */
  readonly parameterNames?: Readonly<Record<string, string>>;
  /** The body of a reply that is not streamed. */
  whole(head: ReplyHead, answers: readonly Answer[], report: Report): unknown;
  encoder(head: ReplyHead): StreamEncoder;
}
