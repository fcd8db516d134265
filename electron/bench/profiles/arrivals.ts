import { createSeededRandom } from '../stats/seeded-random.ts';

export interface ArrivalRule {
  readonly arrival: 'constant' | 'poisson' | 'gamma';
  /** Shape k of the gamma distribution: 1 is Poisson, below 1 bursty, above 1 regular. CV of the gaps is 1/√k. */
  readonly burstiness: number;
}

/** Standard normal by Box and Muller, Ann. Math. Statist. 29 (1958) 610. */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Gamma(shape, 1) by Marsaglia and Tsang, ACM TOMS 26 (2000) 363; a shape below 1 is raised by one and corrected. */
const gamma = (shape: number, random: () => number): number => {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
};

const gapOf = ({ arrival, burstiness }: ArrivalRule, random: () => number): number => {
  switch (arrival) {
    case 'constant':
      return 1;
    case 'poisson':
      return -Math.log(1 - random());
    case 'gamma':
      return gamma(burstiness, random);
    default:
      return arrival satisfies never;
  }
};

/**
 * When to send `count` requests, ms from the start: the first at once, a gap after each one, and all gaps rescaled so
 * that they sum to exactly `totalMs`. Without the rescaling a seed's luck would change the rate that was asked for; vLLM's
 * `bench serve` does the same. The same seed gives the same times.
 */
export const arrivalOffsets = (
  count: number,
  totalMs: number,
  rule: ArrivalRule,
  seed: number,
): readonly number[] => {
  const random = createSeededRandom(seed);
  const gaps = Array.from({ length: count }, () => gapOf(rule, random));
  const scale = totalMs / gaps.reduce((sum, gap) => sum + gap, 0);
  let at = 0;
  return gaps.map((gap) => {
    const offset = at;
    at += gap * scale;
    return offset;
  });
};
