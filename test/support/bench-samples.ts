import type { RequestSample } from '../../shared/contract/bench.ts';

/** A good request: 100 prompt tokens, first token after 20 ms, five token events 10 ms apart. */
export const createSample = (overrides: Partial<RequestSample> = {}): RequestSample => {
  const sentAtMs = overrides.sentAtMs ?? 0;
  return {
    repetition: 0,
    index: 0,
    isWarmup: false,
    stream: 0,
    sentAtMs,
    intendedAtMs: sentAtMs,
    firstEventMs: 18,
    firstTokenMs: 20,
    firstAnswerMs: 20,
    lastTokenMs: 60,
    endMs: 62,
    gapsMs: [10, 10, 10, 10],
    promptTokens: 100,
    cachedTokens: 0,
    outputTokens: 5,
    askedTokens: 5,
    tokenCountSource: 'usage',
    finishReason: 'length',
    status: 200,
    error: null,
    ...overrides,
  };
};
