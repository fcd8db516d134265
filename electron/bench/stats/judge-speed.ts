import type { SpeedRatio } from '../../../shared/contract/verdict.ts';
import { judgeArms, minRepetitions, type JudgeRules } from './judge-arms.ts';

/** Whether there are enough repetitions (4 per arm) for any verdict. */
export const isJudgeable = (a: readonly number[], b: readonly number[]): boolean =>
  Math.min(a.length, b.length) >= minRepetitions;

const words = { better: 'faster', worse: 'slower', 'not-distinguishable': 'not-distinguishable' } as const;

/** Whether arm a is faster than arm b, from one speed (larger is better) per repetition: `judgeArms` in words of speed. */
export const judgeSpeed = (
  a: readonly number[],
  b: readonly number[],
  { floor = null, ...rules }: Partial<Omit<JudgeRules, 'isHigherBetter'>> = {},
): SpeedRatio | null => {
  const judged = judgeArms(a, b, { ...rules, isHigherBetter: true, floor });
  if (judged === null) return null;
  const { value, low, high } = judged.medians.ratio;
  const isJudged = judged.reason !== 'too-few';
  return {
    ratio: value,
    low: isJudged ? low : null,
    high: isJudged ? high : null,
    confidence: judged.confidence,
    verdict: words[judged.verdict],
  };
};
