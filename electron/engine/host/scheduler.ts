/**
 * What the next step does, as a pure function. A step first decodes one token of every running sequence, then
 * prefills a piece of the waiting prompts. The two are never mixed in one batch: llama.cpp splits such a batch and
 * loses more than the mix gains (7 decodes + 32 prefill tokens: 467 ms mixed, 397 ms apart; ENGINE, section 4).
 */

export interface PrefillNeed {
  readonly sequence: number;
  /** Prompt tokens not yet in the cache. */
  readonly remaining: number;
}

export interface StepInput {
  /** Sequences with a sampled token to feed. */
  readonly decoding: readonly number[];
  /** Oldest request first. */
  readonly prefilling: readonly PrefillNeed[];
  /** Measured cost of prefill; `null` before the first chunk. */
  readonly msPerPrefillToken: number | null;
  readonly batchSize: number;
}

export interface PrefillPiece {
  readonly sequence: number;
  readonly tokens: number;
}

export interface StepPlan {
  readonly decode: readonly number[];
  readonly prefill: readonly PrefillPiece[];
}

/** Others wait for their next token while a chunk runs: the longest gap they may see from it. */
const budgetWhileDecodingMs = 250;
/** With nobody decoding only an abort waits for a chunk. */
const budgetAloneMs = 500;
/** First chunk, while the speed is unknown. */
const firstChunkTokens = 64;
/** Smaller chunks read all weights for little work. */
const leastChunkTokens = 16;

/** Tokens that fit the time budget, in whole groups of `leastChunkTokens`, at least one group, at most a batch. */
export const prefillBudget = ({
  decoding,
  msPerPrefillToken,
  batchSize,
}: Omit<StepInput, 'prefilling'>): number => {
  if (msPerPrefillToken === null) return Math.min(firstChunkTokens, batchSize);
  const budgetMs = decoding.length > 0 ? budgetWhileDecodingMs : budgetAloneMs;
  const groups = Math.floor(budgetMs / Math.max(msPerPrefillToken, 1e-6) / leastChunkTokens);
  return Math.min(batchSize, Math.max(1, groups) * leastChunkTokens);
};

/**
 * Shares `budget` tokens among the prompts: the oldest gets at least half, so that it always moves; the rest goes to
 * the shortest first, so that a short question does not wait behind a long document.
 */
const sharePrefill = (needs: readonly PrefillNeed[], budget: number): readonly PrefillPiece[] => {
  const [oldest, ...others] = needs;
  if (oldest === undefined) return [];
  const pieces = new Map<number, number>();
  let left = budget;
  const give = ({ sequence, remaining }: PrefillNeed, most: number) => {
    const tokens = Math.min(remaining - (pieces.get(sequence) ?? 0), most, left);
    if (tokens <= 0) return;
    pieces.set(sequence, (pieces.get(sequence) ?? 0) + tokens);
    left -= tokens;
  };
  give(oldest, others.length === 0 ? budget : Math.ceil(budget / 2));
  for (const need of others.toSorted((a, b) => a.remaining - b.remaining)) give(need, left);
  give(oldest, left);
  return [...pieces].map(([sequence, tokens]) => ({ sequence, tokens }));
};

export const planStep = (input: StepInput): StepPlan => ({
  decode: input.decoding,
  prefill: sharePrefill(input.prefilling, prefillBudget(input)),
});

/** Moving average of the prefill cost; large chunks weigh more, since small ones pay the fixed cost of a step. */
export const updatePrefillCost = (before: number | null, tokens: number, tookMs: number): number | null => {
  if (tokens < leastChunkTokens) return before;
  const now = tookMs / tokens;
  return before === null ? now : before * 0.7 + now * 0.3;
};
