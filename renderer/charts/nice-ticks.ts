/** Of a decade. */
const ROUND = [1, 2, 5] as const;

/** Free of what floats add: 0.6, not 0.6000000000000001. */
const exact = (value: number): number => Number(value.toPrecision(12));

/** Its multiples from `min` to `max`. */
const multiples = (step: number, min: number, max: number): readonly number[] => {
  const first = Math.ceil(exact(min / step));
  const count = Math.max(0, Math.floor(exact(max / step)) - first + 1);
  return Array.from({ length: count }, (_, index) => exact((first + index) * step));
};

/**
 * The multiples of 1, 2 or 5 times a power of ten from `min` to `max`, as close together as `most` of them allow; where
 * that leaves one alone, the ends of those that were too many: 0 and 400 of 420. None where `max` is not above `min`.
 * chart.js's own are lost where a range ends at no round value and they would stand hundreds apart: up to 7,162 it gives
 * 0 and 7,162, for it takes 1.4 spaces of 5,000 for one.
 * @param most 2 at least
 */
export const niceTicks = (min: number, max: number, most: number): readonly number[] => {
  if (!(max > min)) return [];
  let denser: readonly number[] = [];
  for (let decade = Math.floor(Math.log10((max - min) / most)); ; decade += 1) {
    for (const round of ROUND) {
      const ticks = multiples(round * 10 ** decade, min, max);
      if (ticks.length > 1 && ticks.length <= most) return ticks;
      if (ticks.length <= 1) return [...denser.slice(0, 1), ...denser.slice(-1)];
      denser = ticks;
    }
  }
};
