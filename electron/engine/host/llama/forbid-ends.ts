import type { Sampling } from '../../engine.ts';
import type { AddonModel } from './addon.ts';

/**
 * Sampling that never draws a token which ends the answer. The tokens are looked for when the first request needs them,
 * once a model.
 */
export const forbidEnds = (
  model: Pick<AddonModel, 'isEogToken'>,
  vocabularySize: number,
): ((sampling: Sampling) => Sampling) => {
  let biases: Readonly<Record<string, number>> | undefined;
  return (sampling) => {
    biases ??= Object.fromEntries(
      Array.from({ length: vocabularySize }, (_, token) => token)
        .filter((token) => model.isEogToken(token))
        .map((token) => [token, -100]),
    );
    return { ...sampling, logitBias: { ...sampling.logitBias, ...biases } };
  };
};
