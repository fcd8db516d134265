import type { StepItem } from './batch-engine.ts';
import type { RunningRequest } from './running-request.ts';
import type { PrefillPiece } from './scheduler.ts';

/** One token each, which every sequence sampled in the step before. `feeds` are arrays of one, kept for each sequence. */
export const decodeItems = (
  requests: readonly RunningRequest[],
  feeds: readonly Uint32Array[],
): readonly StepItem[] =>
  requests.map(({ slot, next }): StepItem => {
    const tokens = feeds[slot.sequence] ?? new Uint32Array(1);
    tokens[0] = next ?? 0;
    return { sequence: slot.sequence, position: slot.tokens.length, tokens, want: 'token' };
  });

/** The next piece of each prompt; its end also gives the first token of the answer. */
export const prefillItems = (
  requests: readonly RunningRequest[],
  pieces: readonly PrefillPiece[],
): readonly StepItem[] =>
  requests.map(({ prepared, prefilled, slot: { sequence } }): StepItem => {
    const piece = pieces.find((each) => each.sequence === sequence);
    const end = prefilled + (piece?.tokens ?? 0);
    return {
      sequence,
      position: prefilled,
      tokens: prepared.prompt.subarray(prefilled, end),
      want: end === prepared.prompt.length ? 'token' : 'nothing',
    };
  });
