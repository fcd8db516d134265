/** How long answers were lately, to reserve tokens for the next one. */
export interface OutputHistory {
  /** Tokens that nine of ten answers of the model did not pass; a guess before there are enough. */
  p90(modelId: string): number;
  add(modelId: string, outputTokens: number): void;
}

/** Answers remembered per model, and how many make a quantile. */
const KEPT = 256;
const ENOUGH = 16;
const FIRST_GUESS_TOKENS = 256;
/** Sorting for every request would cost more than it tells. */
const RENEW_EVERY = 16;

export const createOutputHistory = (): OutputHistory => {
  const models = new Map<string, { readonly lengths: number[]; next: number; p90: number }>();
  return {
    p90: (modelId) => models.get(modelId)?.p90 ?? FIRST_GUESS_TOKENS,
    add: (modelId, outputTokens) => {
      const known = models.get(modelId) ?? { lengths: [], next: 0, p90: FIRST_GUESS_TOKENS };
      models.set(modelId, known);
      known.lengths[known.next % KEPT] = outputTokens;
      known.next += 1;
      if (known.next < ENOUGH || known.next % RENEW_EVERY !== 0) return;
      const sorted = known.lengths.toSorted((left, right) => left - right);
      known.p90 = Math.max(1, sorted[Math.ceil(sorted.length * 0.9) - 1] ?? FIRST_GUESS_TOKENS);
    },
  };
};
