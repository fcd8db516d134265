import { errorFunction } from 'simple-statistics';

const cumulativeNormal = (x: number): number => (1 + errorFunction(x / Math.SQRT2)) / 2;
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** How much of α may be spent by the share `t` of the information: the power family, ρ = 2. */
export const powerSpending = (t: number, alpha: number): number => alpha * t ** 2;

/** Points of the sum statistic that has not stopped yet, with the probability mass each stands for. */
type Going = readonly { readonly at: number; readonly mass: number }[];

const panels = 240; // even; the levels move by under 1e-5 when it is doubled

const simpsonWeight = (index: number): number =>
  index === 0 || index === panels ? 1 : index % 2 === 1 ? 4 : 2;

/** Probability to lie beyond ±bound after an increment of deviation `step`. */
const exitProbability = (going: Going, step: number, bound: number): number =>
  going.reduce(
    (sum, { at, mass }) =>
      sum + mass * (cumulativeNormal((-bound - at) / step) + cumulativeNormal((at - bound) / step)),
    0,
  );

const goOn = (going: Going, step: number, bound: number): Going => {
  const width = (2 * bound) / panels;
  return Array.from({ length: panels + 1 }, (_, index) => {
    const to = -bound + index * width;
    const reached = going.reduce((sum, { at, mass }) => sum + (mass * density((to - at) / step)) / step, 0);
    return { at: to, mass: (reached * simpsonWeight(index) * width) / 3 };
  });
};

const boundFor = (going: Going, step: number, wanted: number): number => {
  let [low, high] = [0, 20];
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (exitProbability(going, step, middle) > wanted) low = middle;
    else high = middle;
  }
  return high;
};

/**
 * Two-sided levels to test at when the data are looked at again and again: whoever stops at the first p at or below its
 * look's level claims a difference between equal arms with probability α, not with the 10 % and more of looking at 0.05
 * each time.
 *
 * Group-sequential boundaries by α spending (K. K. G. Lan and D. L. DeMets, Biometrika 70 (1983) 659–663) with the
 * power family α·tᵖ, p = 2 (K. Kim and D. L. DeMets, Biometrika 74 (1987) 149–154), which lies between Pocock's and
 * O'Brien and Fleming's; computed by the recursion of P. Armitage, C. K. McPherson and B. C. Rowe, J. R. Statist. Soc. A
 * 132 (1969) 235–244.
 *
 * @param times share of the largest sample at each look, rising, the last at most 1.
 */
export const lookLevels = (
  times: readonly number[],
  alpha = 0.05,
  spend = powerSpending,
): readonly number[] => {
  let going: Going = [{ at: 0, mass: 1 }];
  let spent = 0;
  let before = 0;
  return times.map((time) => {
    const step = Math.sqrt(time - before);
    const bound = boundFor(going, step, spend(time, alpha) - spent);
    going = goOn(going, step, bound);
    spent = spend(time, alpha);
    before = time;
    return 2 * cumulativeNormal(-bound / Math.sqrt(time));
  });
};
