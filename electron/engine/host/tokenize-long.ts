import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Vocabulary } from './vocabulary.ts';

/** 30 to 50 ms of the native tokenizer, during which nothing else runs in this process. */
const pieceCharacters = 32_768;

/**
 * The last place up to `limit` where byte-level BPE never merges across: a space between two letters, which begins a
 * word of its own. 0 when there is none.
 */
const lastCut = (text: string, limit: number): number => {
  for (let index = limit; index > 0; index -= 1)
    if (text[index] === ' ' && /[a-z]/i.test(text[index - 1] ?? '') && /[a-z]/i.test(text[index + 1] ?? ''))
      return index;
  return 0;
};

/** Tokens of a text of any length, without holding up the step loop for more than a piece. */
export const tokenizeLong = async (
  vocabulary: Vocabulary,
  text: string,
  parseSpecial: boolean,
): Promise<Uint32Array> => {
  if (text.length <= pieceCharacters || !vocabulary.canCutAtSpaces)
    return vocabulary.tokenize(text, parseSpecial);
  const parts: Uint32Array[] = [];
  for (let start = 0; start < text.length;) {
    const piece = text.slice(start, start + pieceCharacters + 1);
    const isLast = start + pieceCharacters >= text.length;
    const cut = isLast ? 0 : lastCut(piece, pieceCharacters);
    const end = cut === 0 ? text.length : start + cut;
    parts.push(vocabulary.tokenize(text.slice(start, end), parseSpecial));
    start = end;
    await nextTurn();
  }
  const tokens = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((offset, part) => (tokens.set(part, offset), offset + part.length), 0);
  return tokens;
};
