/**
 * A deterministic source of uniform numbers in [0, 1): same seed, same sequence, on every machine.
 *
 * Mulberry32 (T. Ettinger, 2017, public domain): 32 bits of state, period 2³². Enough for resampling and for choosing
 * prompts; never for secrets.
 */
export const createSeededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};
