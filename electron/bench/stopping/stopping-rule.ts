import type { Cell, MetricName } from '../../../shared/contract/bench.ts';
import { judgeTest, type TestRules } from '../verdicts/judge-test.ts';

/** Ends a test before its last repetition. */
export interface StoppingRule {
  /** @param rounds repetitions every arm has. @param spentMs of the test so far. */
  isOver(rounds: number, spentMs: number): boolean;
}

type ValuesOf = (metric: MetricName) => readonly number[];

/**
 * "Run until decided" for the two arms of a test: at each planned look it is over when every metric has its final
 * verdict or the test's share of the time is spent. Between looks nothing is looked at, or the error rate would grow.
 */
export const untilDecidedRule = (
  cell: Pick<Cell, 'ladder' | 'workload'>,
  arms: { readonly base: ValuesOf; readonly candidate: ValuesOf },
  rules: TestRules,
  budgetMs: number,
): StoppingRule => ({
  isOver: (rounds, spentMs) =>
    rules.untilDecided?.looks.some((look) => look.n === rounds) === true &&
    (spentMs >= budgetMs ||
      judgeTest(cell, arms.candidate, arms.base, rules).every(({ judged }) => judged.isFinal)),
});
