import { median } from 'simple-statistics';
import type { SweepCandidate } from '../../../shared/contract/sweep.ts';
import type { SpeedRatio } from '../../../shared/contract/verdict.ts';
import { formatFigure } from '../../../shared/units/format.ts';
import { judgeSpeed } from '../stats/judge-speed.ts';

export interface SweepDecision {
  readonly winnerId: string;
  readonly sentence: string;
  /** Every finalist with its verdict against the winner. */
  readonly candidates: readonly SweepCandidate[];
}

const scores = ({ repetitions }: SweepCandidate): readonly number[] => repetitions.map(({ score }) => score);

type Against = (a: SweepCandidate, b: SweepCandidate) => SpeedRatio | null;

const gainSentence = (winner: SweepCandidate, own: SweepCandidate | undefined, against: Against): string => {
  if (own === undefined) return '';
  const judged = against(winner, own);
  if (judged === null) return '';
  if (judged.verdict === 'not-distinguishable') return ' It cannot be told from Dyno’s own choice.';
  const interval =
    judged.low === null || judged.high === null
      ? ''
      : ` (95 % interval ${formatFigure(judged.low)} to ${formatFigure(judged.high)})`;
  const ratio = `${formatFigure(judged.ratio)}×`;
  if (winner.sequences === own.sequences || winner.sequences === null || own.sequences === null)
    return ` It is ${ratio} as fast as Dyno’s own choice${interval}.`;
  const each = formatFigure((judged.ratio * own.sequences) / winner.sequences);
  const count = (n: number): string => `${n} ${n === 1 ? 'sequence' : 'sequences'}`;
  return (
    ` All its ${count(winner.sequences)} together make ${ratio} the tokens per second of Dyno’s own choice` +
    ` with ${count(own.sequences)}${interval}; each gets ${each}×.`
  );
};

/**
 * The winner: the best median score among those that were never cut. A finalist that cannot be told from it is named,
 * and where the default cannot be told from the best, the default wins: a setting without a measurable gain is not
 * worth keeping. `undefined` when nothing could be measured. Pure.
 * @param floor share by which the scores of equal arms differ on this machine: a smaller gain is not claimed
 */
export const decide = (
  candidates: readonly SweepCandidate[],
  floor: number | null,
): SweepDecision | undefined => {
  const against: Against = (a, b) => judgeSpeed(scores(a), scores(b), { floor });
  const finalists = candidates
    .filter((candidate) => candidate.state === 'racing' && candidate.repetitions.length > 0)
    .toSorted((a, b) => median([...scores(b)]) - median([...scores(a)]));
  const [fastest] = finalists;
  if (fastest === undefined) return undefined;
  const own = finalists.find(({ isDefault }) => isDefault);
  const isOwnAsGood =
    own !== undefined && own !== fastest && against(fastest, own)?.verdict === 'not-distinguishable';
  const winner = isOwnAsGood ? own : fastest;
  const ties = finalists.filter(
    (other) => other !== winner && against(other, winner)?.verdict === 'not-distinguishable',
  );
  const tied = ties.filter(({ isDefault }) => !isDefault).map(({ label }) => label);
  const tieSentence = tied.length === 0 ? '' : ` Not distinguishable from it: ${tied.join('; ')}.`;
  const sentence = winner.isDefault
    ? `Keep Dyno’s own choice: nothing tried is measurably faster.${tieSentence}`
    : `Take ${winner.label}.${gainSentence(winner, own, against)}${tieSentence}`;
  return {
    winnerId: winner.id,
    sentence,
    candidates: candidates.map((candidate) => {
      if (!finalists.includes(candidate)) return candidate;
      return {
        ...candidate,
        state: 'finalist',
        againstWinner: candidate === winner ? null : against(candidate, winner),
      };
    }),
  };
};
