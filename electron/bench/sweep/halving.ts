import { max, median, min } from 'simple-statistics';
import type { SweepCandidate, SweepSpec } from '../../../shared/contract/sweep.ts';

type Rules = Pick<SweepSpec, 'firstRepetitions' | 'finalRepetitions'>;

/** What is to be done next: measure up to so many repetitions each, cut the slower half, or tell the winner. */
export type SweepStep =
  | { readonly type: 'measure'; readonly candidateIds: readonly string[]; readonly repetitions: number }
  | {
      readonly type: 'cut';
      readonly eliminated: ReadonlyMap<string, NonNullable<SweepCandidate['elimination']>>;
    }
  | { readonly type: 'decide' };

/** This many go to the end: the winner, and the one it is told apart from. */
const finalists = 2;

export const isRacing = (candidate: SweepCandidate): boolean => candidate.state === 'racing';

const scoresOf = ({ repetitions }: SweepCandidate, count: number): readonly number[] =>
  repetitions.slice(0, count).map(({ score }) => score);

const medianScore = (candidate: SweepCandidate, count: number): number =>
  median([...scoresOf(candidate, count)]);

const cutsDone = (candidates: readonly SweepCandidate[]): number =>
  Math.max(0, ...candidates.map(({ elimination }) => elimination?.rung ?? 0));

/**
 * The next step of a successive halving: all candidates get a few repetitions, the slower half is cut, the rest gets
 * twice as many, and so on until two are left, which get the final number. A candidate that failed counts no more.
 * The default races along and is never cut. The state is all there is, so a sweep that was killed goes on from it.
 *
 * Source: K. Jamieson and A. Talwalkar, Non-stochastic Best Arm Identification and Hyperparameter Optimization,
 * AISTATS 2016, algorithm 1, with η = 2. Pure.
 */
export const nextStep = (candidates: readonly SweepCandidate[], rules: Rules): SweepStep => {
  const alive = candidates.filter(isRacing);
  const contested = alive.filter(({ isDefault }) => !isDefault);
  const rung = cutsDone(candidates) + 1;
  const isFinal = contested.length <= finalists;
  const repetitions = isFinal
    ? rules.finalRepetitions
    : Math.min(rules.finalRepetitions, rules.firstRepetitions * 2 ** (rung - 1));
  const short = alive.filter((candidate) => candidate.repetitions.length < repetitions);
  if (short.length > 0) return { type: 'measure', candidateIds: alive.map(({ id }) => id), repetitions };
  if (isFinal) return { type: 'decide' };

  const ranked = contested.toSorted((a, b) => medianScore(b, repetitions) - medianScore(a, repetitions));
  const keep = Math.max(finalists, Math.ceil(ranked.length / 2));
  const [leader] = ranked;
  const slowestKept = min(ranked.slice(0, keep).map((one) => min([...scoresOf(one, repetitions)])));
  const best = leader === undefined ? 0 : medianScore(leader, repetitions);
  const eliminated = ranked.slice(keep).map((candidate, index) => {
    const rank = keep + index + 1;
    const behindPercent = (1 - medianScore(candidate, repetitions) / best) * 100;
    const isClear = max([...scoresOf(candidate, repetitions)]) < slowestKept;
    const doubt = isClear ? '' : '; its repetitions overlap with those that stayed';
    const times = `${repetitions} ${repetitions === 1 ? 'repetition' : 'repetitions'}`;
    const message = `Rank ${rank} of ${ranked.length} after ${times}, ${behindPercent.toFixed(1)} % behind the leader${doubt}.`;
    return [
      candidate.id,
      { rung, afterRepetitions: repetitions, rank, of: ranked.length, behindPercent, isClear, message },
    ] as const;
  });
  return { type: 'cut', eliminated: new Map(eliminated) };
};

/** Repetitions a whole sweep of `count` candidates beside the default takes, for a progress bar. Pure. */
export const plannedRepetitions = (count: number, rules: Rules): number => {
  let left = count;
  let total = 0;
  let done = 0;
  for (let repetitions = rules.firstRepetitions; left > finalists; repetitions *= 2) {
    const target = Math.min(repetitions, rules.finalRepetitions);
    total += (left + 1) * (target - done);
    done = target;
    left = Math.max(finalists, Math.ceil(left / 2));
  }
  return total + (left + 1) * (rules.finalRepetitions - done);
};
