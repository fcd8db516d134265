/**
 * Numbers 0..2^32 − 1 that a seed decides: mulberry32 (public domain, Tommy Ettinger), the same on every machine. Enough
 * for prompts of random tokens and for draws from a distribution; not for secrets.
 */
export const seededNumbers = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
};
