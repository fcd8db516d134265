import type { LlamaModel, Token } from 'node-llama-cpp';
import type { TokenizerSource } from './addon.ts';

// eslint-disable-next-line no-restricted-syntax -- the library brands token numbers; this is the border
const asToken = (token: number): Token => token as Token;

/** `llama_token_attr` of llama.cpp, as far as the vocabulary asks. */
const attribute = { unknown: 1, control: 8, byte: 32 } as const;

/** Not one of llama.cpp's: pieces are then read as they render, and long texts are never cut. */
const unknownType = -1;

/** The tokenizer on the public API alone: a token that ends inside a character gives U+FFFD instead of its bytes. */
export const createPublicTokenizer = (model: LlamaModel): TokenizerSource => ({
  tokenize: (text, parseSpecial) => Uint32Array.from(model.tokenize(text, parseSpecial)),
  detokenize: (tokens, isSpecialShown) => model.detokenize(Array.from(tokens, asToken), isSpecialShown),
  getTokenString: (token) => model.detokenize([asToken(token)], true),
  getTokenAttributes: (token) => {
    const { unknown, control, byte } = model.getTokenAttributes(asToken(token));
    return (
      (unknown ? attribute.unknown : 0) | (control ? attribute.control : 0) | (byte ? attribute.byte : 0)
    );
  },
  isEogToken: (token) => model.isEogToken(asToken(token)),
  shouldPrependBosToken: () => model.tokens.shouldPrependBosToken,
  tokenBos: () => model.tokens.bos ?? -1,
  tokenEos: () => model.tokens.eos ?? -1,
  getVocabularyType: () => unknownType,
});
