/** Draws from named laws of one seeded source of uniform numbers; each with its true median. */
export const laws = (uniform: () => number) => {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    normal: { median: 0, draw: normal },
    exponential: { median: Math.LN2, draw: () => -Math.log(1 - uniform()) },
    lognormal: { median: 1, draw: () => Math.exp(normal()) },
    uniform: { median: 0.5, draw: uniform },
    cauchy: { median: 0, draw: () => Math.tan(Math.PI * (uniform() - 0.5)) },
  };
};

/** `n` repetitions around `mean` with a coefficient of variation of `cv`. */
export const repetitions = (uniform: () => number, n: number, mean: number, cv = 0.02): number[] => {
  const { normal } = laws(uniform);
  return Array.from({ length: n }, () => mean * (1 + cv * normal.draw()));
};

/** In how many of `trials` the act was true. */
export const shareOf = (trials: number, act: () => boolean): number => {
  let count = 0;
  for (let trial = 0; trial < trials; trial += 1) if (act()) count += 1;
  return count / trials;
};
