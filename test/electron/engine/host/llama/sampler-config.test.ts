import { describe, expect, it } from 'vitest';
import type { Sampling } from '../../../../../electron/engine/engine.ts';
import { samplerConfig } from '../../../../../electron/engine/host/llama/sampler-config.ts';
import { greedy } from '../../../../support/greedy.ts';

const off: Sampling = { ...greedy, repeatLastN: 64, seed: 5 };

describe('the sampler of a request', () => {
  it('has no part that was not asked for: the library’s own defaults never apply', () => {
    expect(samplerConfig({ sampling: off, history: [1] })).toEqual({ temperature: 0, seed: 5 });
    expect(samplerConfig({ sampling: { ...off, temperature: 0.8 }, history: [1] })).toEqual({
      temperature: 0.8,
      seed: 5,
    });
  });

  it('takes every part that was', () => {
    const sampling = {
      ...off,
      temperature: 0.8,
      topK: 40,
      typicalP: 1,
      topP: 0.9,
      minP: 0.05,
      repeatPenalty: 1.1,
      repeatLastN: 2,
      seed: -1,
      logitBias: { '7': -100, '8': 2.5 },
    };
    expect(samplerConfig({ sampling, history: [1, 2, 3] })).toEqual({
      temperature: 0.8,
      seed: 4_294_967_295,
      topK: 40,
      topP: 0.9,
      minP: 0.05,
      repeatPenaltyTokens: Uint32Array.of(2, 3),
      repeatPenaltyMaxTokens: 2,
      repeatPenalty: 1.1,
      repeatPenaltyFrequencyPenalty: 0,
      repeatPenaltyPresencePenalty: 0,
      tokenBiasKeys: Uint32Array.of(7, 8),
      tokenBiasValues: Float32Array.of(-Infinity, 2.5),
    });
  });
});
