import { createSeededRandom } from '../stats/seeded-random.ts';
import type { PromptKey, PromptSource } from '../measure/prompts.ts';

/** How a target counts the tokens of a text, as far as two of its answers tell. */
export interface TokenScale {
  readonly charactersPerToken: number;
  /** Tokens the chat template adds around a text. */
  readonly overheadTokens: number;
}

/** English text under the usual vocabularies; used where the target reports no usage. */
export const usualScale: TokenScale = { charactersPerToken: 4, overheadTokens: 8 };

/**
 * The scale behind two counted texts: the slope between them and what is left at length 0. Falls back to the usual one
 * when the counts make no sense (both the same, or falling).
 */
export const scaleOf = (
  short: { readonly characters: number; readonly tokens: number },
  long: { readonly characters: number; readonly tokens: number },
): TokenScale => {
  const tokens = long.tokens - short.tokens;
  if (tokens <= 0 || long.characters <= short.characters) return usualScale;
  const charactersPerToken = (long.characters - short.characters) / tokens;
  return {
    charactersPerToken,
    overheadTokens: Math.max(0, Math.round(short.tokens - short.characters / charactersPerToken)),
  };
};

/** Prompts of about the asked length for a target whose tokenizer is not at hand: cut by characters, at a space. */
export const createEstimatedPrompts = (
  corpus: string,
  { charactersPerToken, overheadTokens }: TokenScale,
): PromptSource => {
  const cut = (tokens: number, { seed, ordinal }: PromptKey, beginning: string): string => {
    const random = createSeededRandom(seed * 7919 + ordinal);
    const head = `${Math.floor(random() * 36 ** 5).toString(36)}-${seed}-${ordinal}: `;
    const wanted = Math.max(0, Math.round(tokens * charactersPerToken) - head.length - beginning.length);
    const offset = Math.floor(random() * corpus.length);
    const turned = corpus.slice(offset) + corpus.slice(0, offset);
    const text = turned.repeat(Math.ceil(wanted / corpus.length) || 1).slice(0, wanted);
    const end = text.lastIndexOf(' ');
    return head + (end > wanted * 0.9 ? text.slice(0, end) : text);
  };
  return {
    piece: (tokens, key) => Promise.resolve(cut(tokens, key, '')),
    build: (tokens, key, beginning = '') =>
      Promise.resolve({ text: cut(tokens - overheadTokens, key, beginning), tokens }),
  };
};
