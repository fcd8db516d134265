import type { TokenLogprob } from '../../engine/engine.ts';
import type { OpenAiFinishReason, Usage } from './reply-schemas.ts';
import type { Report } from './report.ts';

/** What every object of a reply repeats. */
export interface ReplyHead {
  readonly id: string;
  readonly createdSeconds: number;
  readonly model: string;
  /** Changes when the same seed may give other tokens: version of Dyno, of llama.cpp, engine settings. */
  readonly fingerprint: string;
}

/** A dialect's stream: each method gives the text of one or more server-sent events, ready to write. */
export interface StreamEncoder {
  /** Opens a choice, before its first token; may be empty. A choice that begins with a tool call has no content. */
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
  finish(choice: number, reason: OpenAiFinishReason, report: Report | undefined): string;
  /** The chunk of token counts, when it was asked for. */
  usage(usage: Usage): string;
}

export const STREAM_END = 'data: [DONE]\n\n';

/** A comment: clients ignore it, proxies and sockets stay awake. */
export const HEARTBEAT = ': waiting\n\n';

/** An error after the stream began: an `error` event, and no `[DONE]` follows. */
export const encodeStreamError = (reply: unknown): string =>
  `event: error\ndata: ${JSON.stringify(reply)}\n\n`;
