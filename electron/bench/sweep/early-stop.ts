import { max, median, min } from 'simple-statistics';
import type { SweepCandidate } from '../../../shared/contract/sweep.ts';
import { formatFigure } from '../../../shared/units/format.ts';

/** One repetition says nothing: it also pays for page faults, kernels that are compiled, and graphs that are built. */
const fewestWarmUps = 2;
/** How many times its best warm-up a candidate may still become. */
const generosity = 2;

/**
 * The best score that a candidate may still be hoped to reach: twice its best warm-up, and as much more as it gained
 * from the last but one to the last, so that one that still rises is waited for. No bound before two warm-ups. Pure.
 */
const reachable = (warmUps: readonly number[]): number => {
  const [previous, last] = warmUps.slice(-2);
  if (previous === undefined || last === undefined || warmUps.length < fewestWarmUps) return Infinity;
  return generosity * max([...warmUps]) * Math.max(1, last / previous);
};

/** The leader's slowest repetition is out of the candidate's reach; never where either is unknown. Pure. */
export const isHopeless = (warmUps: readonly number[], leader: readonly number[]): boolean =>
  leader.length > 0 && reachable(warmUps) < min([...leader]);

const scoresOf = ({ repetitions }: SweepCandidate): readonly number[] =>
  repetitions.map(({ score }) => score);

/**
 * Why a candidate goes before its warm-up is over, so that one that cannot win does not cost all of it; `undefined`
 * while it may stay. Dyno's own choice stays, and so does what was measured once. How rarely the best one goes is
 * simulated in the tests: docs/engine-ladder.md. Pure.
 * @param warmUps scores of its warm-up repetitions so far, in order
 * @param candidates all of the sweep, itself among them
 */
export const stopEarly = (
  candidate: SweepCandidate,
  warmUps: readonly number[],
  candidates: readonly SweepCandidate[],
): SweepCandidate['elimination'] | undefined => {
  if (candidate.isDefault || candidate.repetitions.length > 0 || warmUps.length === 0) return undefined;
  const measured = candidates
    .filter(({ state, repetitions }) => state === 'racing' && repetitions.length > 0)
    .map(scoresOf)
    .toSorted((a, b) => median([...b]) - median([...a]));
  const [leader] = measured;
  if (leader === undefined || !isHopeless(warmUps, leader)) return undefined;
  const best = max([...warmUps]);
  const behindPercent = (1 - best / median([...leader])) * 100;
  const rank = 1 + measured.filter((scores) => median([...scores]) > best).length;
  return {
    rung: 0,
    afterRepetitions: 0,
    rank,
    of: measured.length + 1,
    behindPercent,
    isClear: true,
    message: `Stopped after ${warmUps.length} warm-ups, the best of them ${formatFigure(best)} t/s against the leader’s ${formatFigure(median([...leader]))}: not even ${generosity} times that would reach it.`,
  };
};
