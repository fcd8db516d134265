import type { EngineTimings, LoadDialect } from '../../../../shared/contract/load.ts';

export type DialectName = Exclude<LoadDialect, 'auto'>;

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What one measured request asks for: greedy, fixed length. */
export interface WireRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  readonly seed: number;
  /** Go on past an end token, where the server knows how. */
  readonly ignoreEos: boolean;
  /** `undefined` leaves the server's own habit; else whether cached prompts may be used. */
  readonly cachePrompt: boolean | undefined;
}

/** One event of a stream, as far as it is measured. */
export interface StreamPiece {
  /** Holds generated text in any channel: content, reasoning or tool arguments. */
  readonly hasToken: boolean;
  /** Holds a piece of the answer itself. */
  readonly hasAnswer: boolean;
  /** The piece of the answer; what a conversation goes on from. */
  readonly answer: string;
  readonly finishReason: string | null;
  readonly usage: {
    readonly promptTokens: number;
    readonly outputTokens: number;
    /** Prompt tokens out of a cache; `null` where the server does not say, which is not none. */
    readonly cachedTokens: number | null;
  } | null;
  /** The server's own times, where it tells them. */
  readonly engine: EngineTimings | null;
  readonly error: string | null;
}

/** How one kind of server is asked and read. Pure. */
export interface Dialect {
  readonly name: DialectName;
  readonly framing: 'sse' | 'ndjson';
  /** Every whole stream ends with a reason; a stream without one was broken off. */
  readonly tellsFinish: boolean;
  /** @param base path of the target's base address, without a slash at its end. */
  path(base: string, model: string): string;
  body(request: WireRequest): unknown;
  /** Reads the data of one event; `undefined` when it is none of this dialect. */
  read(data: string): StreamPiece | undefined;
}

/** An event that tells nothing; dialects fill in what theirs says. */
export const silentPiece: StreamPiece = {
  hasToken: false,
  hasAnswer: false,
  answer: '',
  finishReason: null,
  usage: null,
  engine: null,
  error: null,
};

/** Prompt of servers that know text only: the messages one after the other. */
export const plainPrompt = (messages: readonly ChatMessage[]): string =>
  messages.map((message) => message.content).join('\n\n');

/** JSON or nothing. */
export const parseJson = (data: string): unknown => {
  try {
    return JSON.parse(data);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
