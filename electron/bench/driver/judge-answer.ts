import type { ErrorCode } from '../../../shared/errors/table.ts';

export interface SampleFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What was seen of one answer when its stream had ended. */
export interface SeenAnswer {
  readonly status: number | null;
  readonly contentType: string;
  /** The start of the body, where it is no stream. */
  readonly excerpt: string;
  /** The first event that could not be read, and what the server said in the stream. */
  readonly unreadable: string | null;
  readonly serverError: string | null;
  readonly tokenEvents: number;
  readonly finishReason: string | null;
  readonly tellsFinish: boolean;
  readonly askedTokens: number;
  readonly outputTokens: number | null;
}

const failure = (code: ErrorCode, message: string): SampleFailure => ({ code, message });

/** Of a server that has too much to do, sets a limit, or still loads its model. */
const overloadStatuses: ReadonlySet<number> = new Set([429, 503, 529]);
/** No such method on this route, which is about the question. */
const notImplemented = 501;

const refusalCode = (status: number): ErrorCode => {
  if (status === 401 || status === 403) return 'bench.target-unauthorized';
  if (overloadStatuses.has(status)) return 'bench.target-overloaded';
  return status >= 500 && status !== notImplemented ? 'bench.target-failed' : 'bench.target-refused';
};

/** An event holds at least half a token (text is held back, never split finer) and usage tells no more than was asked. */
const isMiscount = ({ outputTokens, tokenEvents, askedTokens }: SeenAnswer): boolean =>
  outputTokens !== null &&
  (!Number.isInteger(outputTokens) ||
    outputTokens < tokenEvents / 2 ||
    (outputTokens > askedTokens * 1.1 + 1 && outputTokens > tokenEvents * 1.5));

/** What was wrong with an answer, in one error; `null` when it was whole. */
export const judgeAnswer = (seen: SeenAnswer): SampleFailure | null => {
  const { status, contentType, tokenEvents } = seen;
  const excerpt = seen.excerpt.trim().replaceAll(/\s+/g, ' ');
  if (status !== null && status !== 200) {
    return failure(refusalCode(status), `The server answered ${status}: ${excerpt}`);
  }
  if (seen.serverError !== null) {
    return failure('bench.target-broken', `The server broke the stream off: ${seen.serverError}`);
  }
  if (contentType.startsWith('text/html')) {
    return failure('bench.target-not-streaming', `The server answered with a web page: ${excerpt}`);
  }
  if (seen.unreadable !== null) {
    return failure('bench.target-broken', `The server sent an event that is not a chunk: ${seen.unreadable}`);
  }
  // an answer of nothing but end tokens has no text, but it came: it counts without times
  const isEmptyAnswer = seen.finishReason !== null && (seen.outputTokens ?? 0) > 0;
  if (tokenEvents === 0 && !isEmptyAnswer) {
    return failure('bench.target-not-streaming', `The server sent no tokens: ${excerpt}`);
  }
  if (seen.tellsFinish && seen.finishReason === null) {
    return failure(
      'bench.target-broken',
      `The stream ended without a finish reason after ${tokenEvents} tokens.`,
    );
  }
  if (isMiscount(seen)) {
    return failure(
      'bench.target-miscounts',
      `The server counts ${seen.outputTokens} answer tokens where ${tokenEvents} events came and ${seen.askedTokens} tokens were asked for.`,
    );
  }
  return null;
};
