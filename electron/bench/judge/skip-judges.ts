import type { BenchRun } from '../../../shared/contract/bench.ts';
import type { JudgeState, JudgeStep } from '../../../shared/contract/bench-judge.ts';

/**
 * The judgements of a run that is over, those that nobody will make any more with the reason: the file could not be
 * made, or there is nothing to hold the base against, or the run ended before. Pure.
 */
export const skipJudges = ({ judges, makes }: Pick<BenchRun, 'judges' | 'makes'>): JudgeStep[] => {
  const unmade = new Map(
    makes.flatMap(({ modelId, type, state }) =>
      state.type === 'failed'
        ? [[modelId, `${type} could not be made: ${state.error.message}`] as const]
        : [],
    ),
  );
  const isAlone = judges.every(({ isBase, modelId }) => isBase || unmade.has(modelId));
  const reasonOf = ({ modelId, isBase }: JudgeStep): string => {
    const own = unmade.get(modelId);
    if (own !== undefined) return own;
    if (isBase && isAlone) return 'No other file could be made that it would be held against.';
    return 'The run failed before its quality was judged.';
  };
  const isOpen = ({ type }: JudgeState): boolean => type === 'waiting' || type === 'judging';
  return judges.map((judge) =>
    isOpen(judge.state) ? { ...judge, state: { type: 'skipped', reason: reasonOf(judge) } } : judge,
  );
};
