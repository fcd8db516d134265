import type { Sampling } from '../../electron/engine/engine.ts';

/** The likeliest token, always; every other part of the sampler off. */
export const greedy: Sampling = {
  temperature: 0,
  topK: 0,
  typicalP: 1,
  topP: 1,
  minP: 0,
  repeatPenalty: 1,
  repeatLastN: 0,
  frequencyPenalty: 0,
  presencePenalty: 0,
  seed: 1,
  logitBias: {},
};
