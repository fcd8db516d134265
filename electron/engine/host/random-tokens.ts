/**
 * Seeded token ids for ladder prompts: mulberry32 (public domain, Tommy Ettinger), uniform over the vocabulary as
 * llama-bench draws them. Same seed, same tokens on every machine.
 */
export const randomTokens = (count: number, vocabularySize: number, seed: number): Uint32Array => {
  let state = seed >>> 0;
  return Uint32Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % vocabularySize;
  });
};
