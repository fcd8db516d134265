import type { FinishReason, GenerateEvent } from '../engine.ts';
import type { PreparedRequest } from './prepared-request.ts';

/** One sequence of the engine, and who has it. */
export interface Slot {
  readonly sequence: number;
  /** What the KV cache of the sequence holds. */
  tokens: number[];
  /** Key of the adapters that computed them. */
  adapters: string;
  request: RunningRequest | undefined;
  lastUsed: number;
}

export interface RunningRequest {
  readonly prepared: PreparedRequest;
  readonly slot: Slot;
  /** Prompt tokens from here on are not yet in the cache. */
  prefilled: number;
  readonly cachedTokens: number;
  /** Sampled and not yet fed. */
  next: number | undefined;
  outputTokens: number;
  readonly startedMs: number;
  firstTokenMs: number;
  lastTokenMs: number;
  isAborted: boolean;
}

/** A request that was just given a slot whose cache holds the first `kept` tokens of its prompt. */
export const startRequest = (
  prepared: PreparedRequest,
  slot: Slot,
  kept: number,
  nowMs: number,
): RunningRequest => ({
  prepared,
  slot,
  prefilled: kept,
  cachedTokens: kept,
  next: undefined,
  outputTokens: 0,
  startedMs: nowMs,
  firstTokenMs: nowMs,
  lastTokenMs: nowMs,
  isAborted: prepared.isAborted,
});

/** The last event of a request, from what it used. */
export const finishedEvent = (
  request: RunningRequest,
  reason: FinishReason,
): Extract<GenerateEvent, { type: 'finished' }> => {
  const { prepared, startedMs, firstTokenMs, lastTokenMs } = request;
  const { answer } = prepared;
  return {
    type: 'finished',
    reason: answer.hasCalls && reason === 'stop' ? 'tool-calls' : reason,
    ...(answer.stoppedBy !== undefined && { stopText: answer.stoppedBy }),
    usage: {
      promptTokens: prepared.prompt.length,
      cachedTokens: request.cachedTokens,
      outputTokens: request.outputTokens,
      reasoningTokens: answer.reasoningTokens,
    },
    timings: {
      queueMs: startedMs - prepared.arrivedMs,
      prefillMs: Math.max(0, firstTokenMs - startedMs),
      decodeMs: Math.max(0, lastTokenMs - firstTokenMs),
    },
  };
};

/** The last event of a request that was aborted before it got a slot. */
export const abortedInQueue = (
  { prompt, arrivedMs }: PreparedRequest,
  nowMs: number,
): Extract<GenerateEvent, { type: 'finished' }> => ({
  type: 'finished',
  reason: 'aborted',
  usage: { promptTokens: prompt.length, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0 },
  timings: { queueMs: nowMs - arrivedMs, prefillMs: 0, decodeMs: 0 },
});
