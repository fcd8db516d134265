import type { Vocabulary } from '../vocabulary.ts';
import type { TokenizerSource } from './addon.ts';

/** `llama_token_attr` of llama.cpp. */
const attribute = { unknown: 1, control: 8, byte: 32 } as const;
/** `llama_vocab_type` of llama.cpp. */
const vocabularyType = { none: 0, spm: 1, bpe: 2, ugm: 4 } as const;

/** GPT-2's byte-level alphabet: printable Latin-1 stands for itself, the other bytes for 256 and up in order. */
const createByteAlphabet = (): ReadonlyMap<string, number> => {
  const isPrintable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 256;
  return new Map(
    Array.from({ length: 256 }, (_, byte) => [String.fromCodePoint(isPrintable(byte) ? byte : next++), byte]),
  );
};

const utf8 = new TextEncoder();
const nothing = new Uint8Array(0);

/** Bytes of a byte-level piece; `undefined` when it uses a character outside the alphabet. */
const fromByteLevel = (piece: string, alphabet: ReadonlyMap<string, number>): Uint8Array | undefined => {
  const bytes: number[] = [];
  for (const character of piece) {
    const byte = alphabet.get(character);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
};

/** `<0x0A>` of SentencePiece vocabularies. */
const fromHexPiece = (piece: string): Uint8Array | undefined => {
  const hex = /^<0x([0-9A-Fa-f]{2})>$/.exec(piece)?.[1];
  return hex === undefined ? undefined : Uint8Array.of(Number.parseInt(hex, 16));
};

export const createVocabulary = (model: TokenizerSource, size: number): Vocabulary => {
  const type = model.getVocabularyType();
  const alphabet = createByteAlphabet();
  const pieces = new Map<number, Uint8Array>();
  const endTokens = new Map<number, boolean>();
  const isControl = (token: number) =>
    (model.getTokenAttributes(token) & (attribute.control | attribute.unknown)) !== 0;

  const decodePiece = (token: number): Uint8Array => {
    const text = model.getTokenString(token);
    if (isControl(token)) return utf8.encode(text);
    if ((model.getTokenAttributes(token) & attribute.byte) !== 0)
      return fromHexPiece(text) ?? utf8.encode(text);
    if (type === vocabularyType.spm || type === vocabularyType.ugm)
      return utf8.encode(text.replaceAll('\u2581', ' '));
    const rendered = model.detokenize(Uint32Array.of(token), true);
    // a token that ends inside a character renders as U+FFFD: its true bytes are in the byte-level piece
    return rendered.includes('\uFFFD')
      ? (fromByteLevel(text, alphabet) ?? utf8.encode(rendered))
      : utf8.encode(rendered);
  };

  const controlTexts: string[] = [];
  for (let token = 0; token < size && type !== vocabularyType.none; token += 1) {
    if (!isControl(token)) continue;
    const text = model.getTokenString(token);
    if (text !== '') controlTexts.push(text);
  }
  const textOf = (token: number) => (token >= 0 && token < size ? model.getTokenString(token) : '');

  return {
    size,
    bos: model.shouldPrependBosToken() && model.tokenBos() >= 0 ? model.tokenBos() : undefined,
    tokenize: (text, parseSpecial) => model.tokenize(text, parseSpecial),
    bytesOf: (token, isSpecialShown) => {
      if (token < 0 || token >= size) return nothing;
      let bytes = pieces.get(token);
      if (bytes === undefined) {
        bytes = decodePiece(token);
        pieces.set(token, bytes);
      }
      return !isSpecialShown && isControl(token) ? nothing : bytes;
    },
    isEndOfGeneration: (token) => {
      const known = endTokens.get(token);
      if (known !== undefined) return known;
      const isEnd = model.isEogToken(token);
      endTokens.set(token, isEnd);
      return isEnd;
    },
    controlTexts: controlTexts.sort((a, b) => b.length - a.length),
    special: { bos: textOf(model.tokenBos()), eos: textOf(model.tokenEos()) },
    canCutAtSpaces: type === vocabularyType.bpe,
  };
};
