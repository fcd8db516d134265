/**
 * What the next step does, as a pure function. A step first decodes one token of every running sequence, then
 * prefills a piece of the waiting prompts. The two are never mixed in one batch: llama.cpp splits such a batch and
 * loses more than the mix gains (7 decodes + 32 prefill tokens: 467 ms mixed, 397 ms apart).
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

/** Others wait for their next token while a chunk runs: the gap they may see from it. */
const budgetWhileDecodingMs = 250;
/** With nobody decoding only an abort waits for a chunk. */
const budgetAloneMs = 500;
/** First chunk, while the speed is unknown. */
const firstChunkTokens = 64;
/** Chunks are whole groups of this many tokens, and at least one. */
const groupTokens = 16;
/**
 * From here on a larger chunk is hardly more efficient, under it much less. Prefill per CPU second of a 0.5B Q4_0 with
 * chunks of 32, 64, 128 and 512 tokens: 117, 146, 150 and 152 tokens.
 */
const efficientTokens = 64;
/** To reach an efficient chunk the gap may grow by this factor. */
const stretch = 2;
/** A queue of prompts may stretch the gap for those who already read, but not without end. */
const mostWaitersPerReader = 8;

const tokensIn = (budgetMs: number, msPerToken: number): number =>
  Math.floor(budgetMs / Math.max(msPerToken, 1e-6) / groupTokens) * groupTokens;

/**
 * Tokens of the next prefill chunk. While somebody decodes it is weighed by heads: the more prompts wait for each
 * reader, the longer the readers wait, since a prompt that waits keeps a slot out of every later batch.
 */
export const prefillBudget = ({ decoding, prefilling, msPerPrefillToken, batchSize }: StepInput): number => {
  if (msPerPrefillToken === null) return Math.min(firstChunkTokens, batchSize);
  const waitersPerReader = prefilling.length / Math.max(1, decoding.length);
  const weight = Math.min(mostWaitersPerReader, Math.max(1, waitersPerReader));
  const budgetMs = decoding.length === 0 ? budgetAloneMs : budgetWhileDecodingMs * weight;
  const wanted = Math.max(
    tokensIn(budgetMs, msPerPrefillToken),
    Math.min(efficientTokens, tokensIn(budgetMs * stretch, msPerPrefillToken)),
  );
  return Math.min(batchSize, Math.max(groupTokens, wanted));
};

/** A prompt this many times shorter than the oldest may overtake it. */
const overtakeFactor = 4;

/**
 * Shares `budget` tokens among the prompts. First come, first served, which gives the lowest mean time to first token;
 * but a short question does not wait behind a long document: prompts of a quarter of the oldest one's rest or less go
 * first, in up to half of the budget. What is left goes on in order, in pieces worth a pass over the weights.
 */
const sharePrefill = (needs: readonly PrefillNeed[], budget: number): readonly PrefillPiece[] => {
  const [oldest, ...others] = needs;
  if (oldest === undefined) return [];
  const pieces: PrefillPiece[] = [];
  let left = budget;
  const give = ({ sequence, remaining }: PrefillNeed): void => {
    const tokens = Math.min(remaining, left);
    if (tokens <= 0) return;
    pieces.push({ sequence, tokens });
    left -= tokens;
  };
  const isShort = ({ remaining }: PrefillNeed) => remaining * overtakeFactor <= oldest.remaining;
  for (const need of others.filter(isShort).toSorted((a, b) => a.remaining - b.remaining))
    if (budget - left + need.remaining <= budget / 2) give(need);
  give(oldest);
  for (const need of others) {
    if (pieces.some(({ sequence }) => sequence === need.sequence)) continue;
    if (need.remaining <= left || left >= efficientTokens) give(need);
  }
  return pieces;
};

export const planStep = (input: StepInput): StepPlan => ({
  decode: input.decoding,
  prefill: sharePrefill(input.prefilling, prefillBudget(input)),
});

/** Moving average of the prefill cost; large chunks weigh more, since small ones pay the fixed cost of a step. */
export const updatePrefillCost = (before: number | null, tokens: number, tookMs: number): number | null => {
  if (tokens < groupTokens) return before;
  const now = tookMs / tokens;
  return before === null ? now : before * 0.7 + now * 0.3;
};
