/** Tokenizer of a generated model: text goes in and comes out unchanged, every merge can be reached. */
export interface Vocabulary {
  /** `tokenizer.ggml.model`. */
  readonly model: 'gpt2' | 'llama';
  /** `tokenizer.ggml.pre`, byte-level BPE only. */
  readonly pre: string | null;
  readonly tokens: readonly string[];
  /** `enum llama_token_type`: 1 normal, 2 unknown, 3 control, 6 byte. */
  readonly tokenTypes: readonly number[];
  readonly scores: readonly number[] | null;
  readonly merges: readonly string[] | null;
  readonly bosId: number;
  readonly eosId: number;
  readonly paddingId: number | null;
  readonly unknownId: number | null;
}

/** English letters from frequent to rare, so that short words become few tokens. */
const letters = 'etaoinshrdlucmfwypvbgkjqxz'.split('');

/** GPT-2's byte alphabet: printable Latin-1 stands for itself, the other bytes for U+0100 onwards. */
const byteAlphabet = (): readonly string[] => {
  const isPrintable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : next++));
};

/** Yields ever longer letter strings with their last letter split off: "e"+"t", " e"+"t", … without end. */
function* letterPairs(space: string): Generator<readonly [left: string, right: string]> {
  let words = [...letters, ...letters.map((letter) => space + letter)];
  for (;;) {
    const longer: string[] = [];
    for (const word of words) {
      for (const letter of letters) {
        longer.push(word + letter);
        yield [word, letter];
      }
    }
    words = longer;
  }
}

/** Byte-level BPE of `size` tokens: 256 bytes, merges of letters, ChatML specials last. At least 259. */
const bpeVocabulary = (size: number): Vocabulary => {
  const specials = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];
  const alphabet = byteAlphabet();
  const space = alphabet[32] ?? ' ';
  const tokens = [...alphabet];
  const merges: string[] = [];
  const limit = size - specials.length;
  const add = (left: string, right: string) => {
    if (tokens.length >= limit) return;
    tokens.push(left + right);
    merges.push(`${left} ${right}`);
  };
  for (const letter of letters) add(space, letter);
  for (const [left, right] of letterPairs(space)) {
    if (tokens.length >= limit) break;
    add(left, right);
  }
  const first = tokens.length;
  return {
    model: 'gpt2',
    pre: 'qwen2',
    tokens: [...tokens, ...specials],
    tokenTypes: [...tokens.map(() => 1), ...specials.map(() => 3)],
    scores: null,
    merges,
    bosId: first,
    eosId: first + 2,
    paddingId: first,
    unknownId: null,
  };
};

/** SentencePiece of `size` tokens: 3 specials, 256 byte tokens, pieces with falling scores. At least 380. */
const spmVocabulary = (size: number): Vocabulary => {
  const space = '\u2581';
  const tokens = ['<unk>', '<s>', '</s>'];
  const tokenTypes = [2, 3, 3];
  for (let byte = 0; byte < 256; byte += 1) {
    tokens.push(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    tokenTypes.push(6);
  }
  const firstPiece = tokens.length;
  const add = (piece: string) => {
    if (tokens.length >= size) return;
    tokens.push(piece);
    tokenTypes.push(1);
  };
  add(space);
  for (let code = 33; code < 127; code += 1) add(String.fromCharCode(code));
  for (const letter of letters) add(space + letter);
  for (const [left, right] of letterPairs(space)) {
    if (tokens.length >= size) break;
    add(left + right);
  }
  return {
    model: 'llama',
    pre: null,
    tokens,
    tokenTypes,
    scores: tokens.map((_, id) => (id < firstPiece ? 0 : firstPiece - id - 1)),
    merges: null,
    bosId: 1,
    eosId: 2,
    paddingId: null,
    unknownId: 0,
  };
};

export const createVocabulary = (kind: 'bpe' | 'spm', size: number): Vocabulary =>
  kind === 'bpe' ? bpeVocabulary(size) : spmVocabulary(size);
