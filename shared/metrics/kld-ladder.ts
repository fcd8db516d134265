import type { QualityResult } from '../contract/quality.ts';
import { formatFigure } from '../units/format.ts';

/** One rung: mean KLD in nats of a type of Llama-3-8B against F16. */
export interface KldRung {
  readonly quantization: string;
  readonly meanKld: number;
}

/**
 * What a mean KLD means, by a model many know: Llama-3-8B on WikiText-2, against F16, the K types made with an importance
 * matrix. Without one Q4_K_M is at 0.031 and Q2_K at 0.45.
 *
 * Source: the scoreboard in llama.cpp's tools/perplexity/README.md.
 */
export const kldLadder: readonly KldRung[] = [
  { quantization: 'Q8_0', meanKld: 0.0014 },
  { quantization: 'Q6_K', meanKld: 0.0055 },
  { quantization: 'Q5_K_M', meanKld: 0.0108 },
  { quantization: 'Q4_K_M', meanKld: 0.028 },
  { quantization: 'Q3_K_M', meanKld: 0.084 },
  { quantization: 'Q2_K', meanKld: 0.33 },
];

/** Where a mean KLD stands on the ladder, in words: `between Q6_K and Q5_K_M of Llama-3-8B`. */
const placeOnLadder = (meanKld: number): string => {
  const above = kldLadder.findIndex((rung) => meanKld <= rung.meanKld);
  const model = 'of Llama-3-8B';
  const [finest] = kldLadder;
  const coarsest = kldLadder.at(-1);
  if (above === 0) return `finer than ${finest?.quantization ?? ''} ${model}`;
  if (above === -1) return `coarser than ${coarsest?.quantization ?? ''} ${model}`;
  return `between ${kldLadder[above - 1]?.quantization ?? ''} and ${kldLadder[above]?.quantization ?? ''} ${model}`;
};

type Kld = Pick<QualityResult['text']['kld'], 'kind' | 'capturedMass'> & {
  readonly mean: { readonly value: number };
};

/**
 * A mean KLD and what it means, in words. Of a lower bound only the best place is known, and how much of the base's
 * probability the reference pack holds says how far the true value may be.
 */
export const kldInWords = ({ mean, kind, capturedMass }: Kld): string => {
  const nats = `${formatFigure(mean.value)} nats`;
  return kind === 'exact'
    ? `${nats} is ${placeOnLadder(mean.value)}`
    : `at least ${nats} is at best ${placeOnLadder(mean.value)} (a lower bound: the reference pack captured ${formatFigure(100 * capturedMass)} % of the base’s probability)`;
};
