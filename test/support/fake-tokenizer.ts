/**
 * A reversible word tokenizer: a token is a run of up to 6 letters with the space before it, or a single other
 * character. Joining two texts can change the tokens at the seam, as with a real vocabulary.
 */
export const createFakeTokenizer = () => {
  const ids = new Map<string, number>();
  const pieces: string[] = [];
  const words = ['the', 'river', 'was', 'quiet', 'and', 'a', 'bear', 'slept', 'near', 'it'];

  const idOf = (piece: string): number => {
    const known = ids.get(piece);
    if (known !== undefined) return known;
    ids.set(piece, pieces.length);
    return pieces.push(piece) - 1;
  };
  return {
    encode: (text: string): readonly number[] =>
      (text.match(/ ?\p{L}{1,6}|[^]/gu) ?? []).map((piece) => idOf(piece)),
    decode: (tokens: readonly number[]): string => tokens.map((token) => pieces[token] ?? '\uFFFD').join(''),
    /** A word of an answer, chosen by a number in 0..1. */
    word: (choice: number): string => ` ${words[Math.floor(choice * words.length)] ?? 'the'}`,
  };
};
