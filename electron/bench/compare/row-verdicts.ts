import type { Cell } from '../../../shared/contract/bench.ts';
import type { MetricVerdict } from '../../../shared/contract/verdict.ts';
import type { RowSource } from './comparison-rows.ts';
import { judgeTest, testRules, type TestRules } from '../verdicts/judge-test.ts';
import { namesOf } from '../model-names.ts';
import { pairedRounds } from '../stats/paired-rounds.ts';

/** Repetitions of one index shared their round only within a run that took turns. */
const isInTurns = (row: RowSource, base: RowSource): boolean =>
  row.run.id === base.run.id && row.run.spec.order === 'interleaved';

const rulesOf = (row: RowSource, base: RowSource): TestRules =>
  testRules(
    row.run.id === base.run.id ? row.run.spec.untilDecided : undefined,
    base.run.noiseFloor,
    base.run.spec.seed,
  );

/** The base's measurement of the same work, by name, hash and formulas. */
const counterpart = (cell: Cell, row: RowSource, base: RowSource): Cell | undefined =>
  row.run.metricsVersion !== base.run.metricsVersion
    ? undefined
    : base.done.find((other) => other.test === cell.test && other.workloadHash === cell.workloadHash);

/** Every metric of a row's tests that the base has measured under the same workload, held against it. Pure. */
export const rowVerdicts = (row: RowSource, base: RowSource): readonly MetricVerdict[] => {
  const rules = rulesOf(row, base);
  const name = namesOf(row.run.models)(row.model.modelId);
  return row.done.flatMap((cell) => {
    const other = counterpart(cell, row, base);
    if (other === undefined) return [];
    const own = row.values(cell);
    const its = base.values(other);
    return judgeTest(cell, own, its, rules).map(({ metric, floor, judged }): MetricVerdict => {
      const { difference, ratio, medians } = judged.medians;
      const [n, baseN] = judged.n;
      const rounds = isInTurns(row, base)
        ? pairedRounds(own(metric).slice(0, n), its(metric).slice(0, baseN))
        : null;
      return {
        runId: row.run.id,
        modelId: row.model.modelId,
        name,
        ladder: cell.ladder,
        test: cell.test,
        metric,
        verdict: judged.verdict,
        reason: judged.reason,
        baseMedian: medians.b,
        median: medians.a,
        difference,
        ratio,
        confidence: judged.confidence,
        p: judged.p,
        level: judged.level,
        n,
        baseN,
        floor,
        isFinal: judged.isFinal,
        paired: rounds && {
          rounds: rounds.signedRank.n,
          higher: rounds.signs.positive,
          ratio: { value: rounds.ratio.value, low: rounds.ratio.low, high: rounds.ratio.high },
          p: rounds.signedRank.p,
        },
      };
    });
  });
};
