import type { RequestSample } from '../../../shared/contract/bench.ts';
import type { ErrorPayload } from '../../../shared/errors/app-error.ts';
import { readChatChunk } from './chat-chunk.ts';
import { createSseParser, type SseEvent } from './sse-parser.ts';

export type SampleFailure = Pick<ErrorPayload, 'code' | 'message'>;

interface RecordedRequest {
  readonly repetition: number;
  readonly isWarmup: boolean;
  readonly index: number;
  readonly stream: number;
  readonly askedTokens: number;
  readonly intendedAtMs: number;
}

export interface SampleRecorder {
  /** The request's bytes were handed to the socket. The first call counts. */
  sent(atMs: number): void;
  answered(status: number): void;
  /** Bytes of the answer; `atMs` is stamped before anything is parsed. Returns the token events among them. */
  received(atMs: number, bytes: Uint8Array): number;
  /** Closes the record at the end of the stream, or at a failure of the transport. */
  end(atMs: number, failure?: SampleFailure): RequestSample;
}

const failed = (message: string): SampleFailure => ({ code: 'bench.target-failed', message });

/** Keeps the start of an answer that is no stream, for the message. */
const excerptBytes = 300;

/**
 * Turns the stamped bytes of one answer into a sample. Pure: no clock, no I/O. Times follow docs/metrics.md; a token
 * event is an event with generated text in any channel, so a role chunk does not count.
 */
export const createSampleRecorder = (request: RecordedRequest): SampleRecorder => {
  const parser = createSseParser();
  const gapsMs: number[] = [];
  let excerpt = '';
  let sentAtMs = request.intendedAtMs;
  let hasSent = false;
  let status: number | null = null;
  let firstEventAtMs: number | null = null;
  let firstTokenAtMs: number | null = null;
  let firstAnswerAtMs: number | null = null;
  let lastTokenAtMs: number | null = null;
  let tokenEvents = 0;
  let usage: { promptTokens: number; outputTokens: number; cachedTokens: number } | null = null;
  let finishReason: string | null = null;
  let streamFailure: SampleFailure | null = null;

  const read = (event: SseEvent, atMs: number): boolean => {
    if (event.data === '[DONE]') return false;
    firstEventAtMs ??= atMs;
    const chunk = readChatChunk(event.data);
    if (chunk === undefined) {
      streamFailure ??= failed(`The server sent an event that is not a chunk: ${event.data.slice(0, 80)}`);
      return false;
    }
    if (chunk.error !== null) streamFailure ??= failed(`The server broke the stream off: ${chunk.error}`);
    usage = chunk.usage ?? usage;
    finishReason = chunk.finishReason ?? finishReason;
    if (chunk.hasAnswer) firstAnswerAtMs ??= atMs;
    return chunk.hasToken;
  };
  const countToken = (atMs: number): void => {
    tokenEvents += 1;
    firstTokenAtMs ??= atMs;
    if (lastTokenAtMs !== null) gapsMs.push(atMs - lastTokenAtMs);
    lastTokenAtMs = atMs;
  };
  const judge = (): SampleFailure | null => {
    if (status !== null && status !== 200) {
      return failed(`The server answered ${status}: ${excerpt.slice(0, excerptBytes)}`);
    }
    if (streamFailure !== null) return streamFailure;
    if (tokenEvents === 0) return failed(`The server sent no tokens: ${excerpt.slice(0, excerptBytes)}`);
    if (finishReason === null)
      return failed(`The stream ended without a finish reason after ${tokenEvents} tokens.`);
    return null;
  };

  return {
    sent: (atMs) => {
      if (!hasSent) sentAtMs = atMs;
      hasSent = true;
    },
    answered: (code) => {
      status = code;
    },
    received: (atMs, bytes) => {
      if (tokenEvents === 0 && excerpt.length < excerptBytes) excerpt += new TextDecoder().decode(bytes);
      if (status !== 200) return 0;
      const before = tokenEvents;
      for (const event of parser.push(bytes)) if (read(event, atMs)) countToken(atMs);
      return tokenEvents - before;
    },
    end: (atMs, failure) => {
      const since = (stamp: number | null) => (stamp === null ? null : stamp - sentAtMs);
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
        outputTokens: usage?.outputTokens ?? (tokenEvents > 0 ? tokenEvents : null),
        askedTokens: request.askedTokens,
        tokenCountSource: usage === null ? 'events' : 'usage',
        finishReason,
        status,
        error: failure ?? judge(),
      };
    },
  };
};
