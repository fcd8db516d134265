import { z } from 'zod';
import { nullableNumber } from './common.ts';
import { ladderSchema, metricNameSchema } from './metric-name.ts';

/** When a comparison stops by itself: docs/method.md, "Comparison". */
export const untilDecidedSchema = z.object({
  /** Repetitions per arm at most. */
  maxRepetitions: z.number().int().min(4).max(100).default(20),
  /** Minutes for the whole comparison; the first look of a test is always reached. */
  maxMinutes: z.number().positive().max(1440).default(30),
  /** A difference under this share is not worth more repetitions; the noise floor takes its place where it is larger. */
  smallestDifference: z.number().min(0).max(1).default(0.01),
});
export type UntilDecided = z.infer<typeof untilDecidedSchema>;

/** A speed against another, as a ratio with its interval; the bounds are `null` with too few repetitions. */
export const speedRatioSchema = z.object({
  ratio: z.number(),
  low: nullableNumber,
  high: nullableNumber,
  /** Probability the interval holds at; above 0.95 where several looks at the data share the 5 %. */
  confidence: z.number().default(0.95),
  verdict: z.enum(['faster', 'slower', 'not-distinguishable']),
});
export type SpeedRatio = z.infer<typeof speedRatioSchema>;

const withIntervalSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** One metric of one test of a row, held against the base. */
export const metricVerdictSchema = z.object({
  runId: z.string(),
  modelId: z.string(),
  /** Of the row, as tables show it. */
  name: z.string(),
  ladder: ladderSchema,
  test: z.string(),
  metric: metricNameSchema,
  verdict: z.enum(['better', 'worse', 'not-distinguishable']),
  /** `below-floor`: the test tells them apart, the machine's noise does not; `equal`: any difference is too small to matter. */
  reason: z.enum(['difference', 'overlap', 'below-floor', 'equal', 'too-few']),
  baseMedian: z.number(),
  median: z.number(),
  /** Median minus the base's median, in the metric's unit. */
  difference: withIntervalSchema,
  /** Median over the base's median. */
  ratio: withIntervalSchema,
  /** Probability the intervals hold at; above 0.95 where several looks at the data share the 5 %. */
  confidence: z.number(),
  /** Mann–Whitney U, two-sided; `null` with under 4 repetitions. */
  p: nullableNumber,
  /** What p had to be at or below. */
  level: z.number(),
  n: z.number().int(),
  baseN: z.number().int(),
  /** Difference that equal arms show on this machine, as a share; `null` = none measured. */
  floor: nullableNumber,
  /** False: the cap came before a decision. */
  isFinal: z.boolean(),
  /** Round by round, where both were measured in turns. Wilcoxon's signed-rank p; for reading beside the verdict. */
  paired: z
    .object({ rounds: z.number().int(), higher: z.number().int(), ratio: withIntervalSchema, p: z.number() })
    .nullable(),
});
export type MetricVerdict = z.infer<typeof metricVerdictSchema>;
