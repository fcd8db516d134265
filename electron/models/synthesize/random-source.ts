/** Reproducible random numbers: the same seed gives the same bytes on every machine. Not for secrets. */
export interface RandomSource {
  /** 0 to 2³² − 1. */
  uint32(): number;
  /** Fills `words` in place. About 1.5 ns per byte: the generator is the cost of writing a model. */
  fill(words: Uint32Array): void;
}

/** Four state words from a text: FNV-1a, spread by splitmix32. */
const seedWords = (seed: string): readonly [number, number, number, number] => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
  }
  const next = (): number => {
    hash = (hash + 0x9e3779b9) | 0;
    let mixed = hash ^ (hash >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) | 0;
  };
  return [next(), next(), next(), next() | 1]; // never all zero, from which the generator could not leave
};

/** xoshiro128** by Blackman and Vigna (https://prng.di.unimi.it). */
export const createRandomSource = (seed: string): RandomSource => {
  let [a, b, c, d] = seedWords(seed);
  const step = (): number => {
    const scaled = Math.imul(b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return {
    uint32: () => step() >>> 0,
    fill: (words) => {
      for (let index = 0; index < words.length; index += 1) words[index] = step();
    },
  };
};

/** `count` values of mean 0 and deviation 1 (Box–Muller). */
export const gaussians = (random: RandomSource, count: number): Float32Array => {
  const values = new Float32Array(count);
  for (let index = 0; index < count; index += 2) {
    const radius = Math.sqrt(-2 * Math.log((random.uint32() + 1) / 2 ** 32));
    const angle = (2 * Math.PI * random.uint32()) / 2 ** 32;
    values[index] = radius * Math.cos(angle);
    if (index + 1 < count) values[index + 1] = radius * Math.sin(angle);
  }
  return values;
};
