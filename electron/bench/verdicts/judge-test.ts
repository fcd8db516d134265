import type { Cell, MetricName } from '../../../shared/contract/bench.ts';
import type { NoiseFloor } from '../../../shared/contract/noise-floor.ts';
import type { UntilDecided } from '../../../shared/contract/verdict.ts';
import { metricDefinition } from '../../../shared/metrics/definitions.ts';
import { floorShare } from './noise-floor.ts';
import { judgeArms, planLooks, type ArmJudgement, type Look } from '../stats/judge-arms.ts';
import { verdictMetrics } from './verdict-metrics.ts';

/** How a test's metrics are judged. */
export interface TestRules {
  readonly floor: NoiseFloor | null;
  /** Absent: all values are judged once. */
  readonly untilDecided?: (UntilDecided & { readonly looks: readonly Look[] }) | undefined;
  readonly seed: number;
}

/** The rules of a run, its looks planned once: they take some milliseconds. */
export const testRules = (
  untilDecided: UntilDecided | undefined,
  floor: NoiseFloor | null,
  seed: number,
): TestRules => ({
  floor,
  seed,
  untilDecided: untilDecided && { ...untilDecided, looks: planLooks(untilDecided.maxRepetitions) },
});

export interface MetricJudgement {
  readonly metric: MetricName;
  readonly floor: number | null;
  readonly judged: ArmJudgement;
}

type ValuesOf = (metric: MetricName) => readonly number[];

/** Holds every metric of a test against the base's. Metrics that one of the two lacks are left out. Pure. */
export const judgeTest = (
  cell: Pick<Cell, 'ladder' | 'workload'>,
  candidate: ValuesOf,
  base: ValuesOf,
  { floor, untilDecided, seed }: TestRules,
): readonly MetricJudgement[] =>
  verdictMetrics(cell).flatMap((metric) => {
    const share = floorShare(floor, cell.ladder, metric);
    const judged = judgeArms(candidate(metric), base(metric), {
      isHigherBetter: metricDefinition(metric).better === 'higher',
      floor: share,
      seed,
      ...(untilDecided && { looks: untilDecided.looks, smallestDifference: untilDecided.smallestDifference }),
    });
    return judged === null ? [] : [{ metric, floor: share, judged }];
  });
