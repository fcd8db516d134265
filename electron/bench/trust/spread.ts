import type { Cell, MetricName } from '../../../shared/contract/bench.ts';
import { metricDefinitions } from '../../../shared/metrics/definitions.ts';
import { driftOf } from '../stats/drift.ts';
import { estimateOf } from '../stats/estimate.ts';
import type { WarmUpRule, WarmUpState } from '../stopping/warm-up.ts';
import { above, percent, type TrustReason } from './reason.ts';

/** Headline metrics whose spread is judged; the others follow from them. */
const judged: Readonly<Record<Cell['ladder'], readonly MetricName[]>> = {
  engine: ['prefillTps', 'decodeTps'],
  api: ['ttftMs', 'decodeTps', 'systemTps'],
};

type ValuesOf = (metric: MetricName) => readonly number[];

const worst = (
  ladder: Cell['ladder'],
  valuesOf: ValuesOf,
  measure: (values: readonly number[]) => number | null,
): { readonly metric: MetricName; readonly size: number } | undefined =>
  judged[ladder]
    .flatMap((metric) => {
      const size = measure(valuesOf(metric));
      return size === null ? [] : [{ metric, size }];
    })
    .sort((a, b) => Math.abs(b.size) - Math.abs(a.size))
    .at(0);

/** How much the repetitions differ, and whether they move in one direction. */
export const spreadReasons = (ladder: Cell['ladder'], valuesOf: ValuesOf): readonly TrustReason[] => {
  const cv = worst(ladder, valuesOf, (values) => estimateOf(values)?.cv ?? null);
  const drift = worst(ladder, valuesOf, driftOf);
  const limits = ladder === 'engine' ? { amber: 0.01, red: 0.05 } : { amber: 0.05, red: 0.2 };
  return [
    ...above(
      'spread',
      cv?.size,
      limits,
      (size) =>
        `The repetitions of ${cv === undefined ? '' : metricDefinitions[cv.metric].name} differ by ${percent(size)} (coefficient of variation).`,
    ),
    ...above(
      'drift',
      drift === undefined ? null : Math.abs(drift.size),
      { amber: 0.02, red: 0.05 },
      (size) =>
        `${drift === undefined ? '' : metricDefinitions[drift.metric].name} ${(drift?.size ?? 0) > 0 ? 'rose' : 'fell'} by ${percent(size)} from the first to the last repetition.`,
    ),
  ];
};

/** A warm-up that ended before the speed had settled. */
export const warmUpReasons = (
  state: WarmUpState,
  count: number,
  rule: WarmUpRule,
): readonly TrustReason[] => {
  const times = `${count} ${count === 1 ? 'repetition' : 'repetitions'}`;
  switch (state) {
    case 'settled':
      return [];
    case 'capped':
    case 'unfinished':
      return [
        {
          level: 'amber',
          signal: 'warm-up',
          message: `The warm-up ended after ${times} without three in a row within ${percent(rule.within)}.`,
        },
      ];
    case 'out-of-time':
      return [
        {
          level: 'amber',
          signal: 'warm-up',
          message: `The warm-up ended by its time limit of ${Math.round(rule.budgetMs / 1000)} s after ${times}.`,
        },
      ];
    default:
      return state satisfies never;
  }
};
