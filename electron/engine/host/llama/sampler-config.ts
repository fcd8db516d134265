import type { Sampling } from '../../engine.ts';
import type { SamplerSpec } from '../batch-engine.ts';
import type { AddonSampler } from './addon.ts';

type SamplerConfig = Parameters<AddonSampler['applyConfig']>[0];

/** The tokens before count: without a penalty nobody needs them. */
export const isPenalised = (sampling: Sampling): boolean =>
  sampling.repeatLastN > 0 &&
  (sampling.repeatPenalty !== 1 || sampling.frequencyPenalty !== 0 || sampling.presencePenalty !== 0);

/**
 * The addon's configuration of a request. Keys that are left out are off; a neutral value would not be (top-k 0 sorts
 * the whole vocabulary, top-p 1 sorts too).
 */
export const samplerConfig = ({
  sampling,
  history,
}: Pick<SamplerSpec, 'sampling' | 'history'>): SamplerConfig => {
  const { temperature, topK, topP, minP, seed, logitBias } = sampling;
  const { repeatPenalty, repeatLastN, frequencyPenalty, presencePenalty } = sampling;
  const biases = Object.entries(logitBias);
  return {
    temperature,
    seed: seed >>> 0,
    ...(temperature > 0 && topK > 0 && { topK }),
    ...(temperature > 0 && topP < 1 && { topP }),
    ...(temperature > 0 && minP > 0 && { minP }),
    ...(isPenalised(sampling) && {
      repeatPenaltyTokens: Uint32Array.from(history.slice(-repeatLastN)),
      repeatPenaltyMaxTokens: repeatLastN,
      repeatPenalty,
      repeatPenaltyFrequencyPenalty: frequencyPenalty,
      repeatPenaltyPresencePenalty: presencePenalty,
    }),
    ...(biases.length > 0 && {
      tokenBiasKeys: Uint32Array.from(biases.map(([token]) => Number(token))),
      tokenBiasValues: Float32Array.from(biases.map(([, bias]) => (bias <= -100 ? -Infinity : bias))),
    }),
  };
};
