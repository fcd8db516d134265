/** The tokenizer of the loaded model. All calls are synchronous and run in native code. */
export interface Vocabulary {
  readonly size: number;
  /** Token to put before every prompt, where the model wants one. */
  readonly bos: number | undefined;
  /**
   * Text to tokens, without BOS. With `parseSpecial` the text of control tokens becomes those tokens; without, it
   * stays plain text (0.6 to 0.9 million characters a second; long texts go through `tokenizeLong`).
   */
  tokenize(text: string, parseSpecial: boolean): Uint32Array;
  /** Exact bytes a token adds to the text; empty for control tokens unless `isSpecialShown`. */
  bytesOf(token: number, isSpecialShown: boolean): Uint8Array;
  isEndOfGeneration(token: number): boolean;
  /** Texts of all control tokens, longest first: what user text must not smuggle in. */
  readonly controlTexts: readonly string[];
  /** Text of a special token by role, for templates. */
  readonly special: { readonly bos: string; readonly eos: string };
  /** True when a cut between a letter and a space never changes the tokens (byte-level BPE). */
  readonly canCutAtSpaces: boolean;
}
