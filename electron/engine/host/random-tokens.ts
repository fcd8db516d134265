import { seededNumbers } from './seeded-numbers.ts';

/** Seeded token ids for ladder prompts, uniform over the vocabulary as llama-bench draws them. */
export const randomTokens = (count: number, vocabularySize: number, seed: number): Uint32Array => {
  const next = seededNumbers(seed);
  return Uint32Array.from({ length: count }, () => next() % vocabularySize);
};
