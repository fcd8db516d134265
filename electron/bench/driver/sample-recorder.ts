import type { EngineTimings, LoadSample } from '../../../shared/contract/load.ts';
import type { Dialect, StreamPiece } from './dialects/dialect.ts';
import { judgeAnswer, type SampleFailure } from './judge-answer.ts';
import { createNdjsonParser } from './ndjson-parser.ts';
import { createSseParser } from './sse-parser.ts';

interface RecordedRequest {
  readonly repetition: number;
  readonly isWarmup: boolean;
  readonly index: number;
  readonly stream: number;
  readonly askedTokens: number;
  readonly intendedAtMs: number;
  readonly dialect: Pick<Dialect, 'framing' | 'read' | 'tellsFinish'>;
}

export interface SampleRecorder {
  /** The request's bytes were handed to the socket. The first call counts. */
  sent(atMs: number): void;
  answered(status: number, contentType: string): void;
  /** Bytes of the answer; `atMs` is stamped before anything is parsed. Returns the token events among them. */
  received(atMs: number, bytes: Uint8Array): number;
  /** The answer's text so far, for the next turn of a conversation. */
  answer(): string;
  /** Closes the record at the end of the stream, or at a failure of the transport. */
  end(atMs: number, failure?: SampleFailure): LoadSample;
}

/** Keeps the start of an answer that is no stream, for the message. */
const excerptBytes = 300;

/**
 * Turns the stamped bytes of one answer into a sample. Pure: no clock, no I/O. Times follow docs/metrics.md; a token
 * event is an event with generated text in any channel, so a role chunk does not count.
 */
export const createSampleRecorder = (request: RecordedRequest): SampleRecorder => {
  const { dialect } = request;
  const parser = dialect.framing === 'sse' ? createSseParser() : createNdjsonParser();
  const gapsMs: number[] = [];
  const answers: string[] = [];
  let excerpt = '';
  let contentType = '';
  let sentAtMs = request.intendedAtMs;
  let hasSent = false;
  let status: number | null = null;
  let firstEventAtMs: number | null = null;
  let firstTokenAtMs: number | null = null;
  let firstAnswerAtMs: number | null = null;
  let lastTokenAtMs: number | null = null;
  let tokenEvents = 0;
  let usage: StreamPiece['usage'] = null;
  let engine: EngineTimings | null = null;
  let finishReason: string | null = null;
  let unreadable: string | null = null;
  let serverError: string | null = null;

  const read = (data: string, atMs: number): boolean => {
    const piece = dialect.read(data);
    if (piece === undefined) {
      unreadable ??= data.slice(0, 80);
      return false;
    }
    if (data !== '[DONE]') firstEventAtMs ??= atMs;
    serverError ??= piece.error;
    usage = piece.usage ?? usage;
    engine = piece.engine ?? engine;
    finishReason = piece.finishReason ?? finishReason;
    if (piece.hasAnswer) {
      firstAnswerAtMs ??= atMs;
      answers.push(piece.answer);
    }
    return piece.hasToken;
  };
  const countToken = (atMs: number): void => {
    tokenEvents += 1;
    firstTokenAtMs ??= atMs;
    if (lastTokenAtMs !== null) gapsMs.push(atMs - lastTokenAtMs);
    lastTokenAtMs = atMs;
  };
  const judge = (): SampleFailure | null =>
    judgeAnswer({
      status,
      contentType,
      excerpt: excerpt.slice(0, excerptBytes),
      unreadable,
      serverError,
      tokenEvents,
      finishReason,
      tellsFinish: dialect.tellsFinish,
      askedTokens: request.askedTokens,
      outputTokens: usage?.outputTokens ?? null,
    });

  return {
    sent: (atMs) => {
      if (!hasSent) sentAtMs = atMs;
      hasSent = true;
    },
    answered: (code, type) => {
      status = code;
      contentType = type;
    },
    received: (atMs, bytes) => {
      if (tokenEvents === 0 && excerpt.length < excerptBytes) excerpt += new TextDecoder().decode(bytes);
      if (status !== 200) return 0;
      const before = tokenEvents;
      for (const event of parser.push(bytes)) if (read(event.data, atMs)) countToken(atMs);
      return tokenEvents - before;
    },
    answer: () => answers.join(''),
    end: (atMs, failure) => {
      const since = (stamp: number | null) => (stamp === null ? null : stamp - sentAtMs);
      const error = failure ?? judge();
      const believed = error?.code === 'bench.target-miscounts' ? null : usage;
      return {
        repetition: request.repetition,
        index: request.index,
        isWarmup: request.isWarmup,
        stream: request.stream,
        sentAtMs,
        intendedAtMs: request.intendedAtMs,
        firstEventMs: since(firstEventAtMs),
        firstTokenMs: since(firstTokenAtMs),
        firstAnswerMs: since(firstAnswerAtMs),
        lastTokenMs: since(lastTokenAtMs),
        endMs: since(atMs),
        gapsMs,
        promptTokens: usage?.promptTokens ?? null,
        cachedTokens: usage?.cachedTokens ?? null,
        outputTokens: believed?.outputTokens ?? (tokenEvents > 0 ? tokenEvents : null),
        askedTokens: request.askedTokens,
        tokenCountSource: believed === null ? 'events' : 'usage',
        finishReason,
        status,
        engine,
        error,
      };
    },
  };
};
