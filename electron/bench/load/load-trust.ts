import type { Trust } from '../../../shared/contract/bench.ts';
import type { LoadSample, LoadSummary } from '../../../shared/contract/load.ts';
import { promptCountError } from '../figures/prompt-count-error.ts';
import { trustOf } from '../trust/combine-trust.ts';
import { above, type TrustReason } from '../trust/reason.ts';
import { requestReasons } from '../trust/requests.ts';

const scheduleReasons = (schedule: NonNullable<LoadSummary['schedule']>): readonly TrustReason[] => [
  ...above(
    'schedule-lag',
    schedule.lagP99Ms,
    { amber: 100 / schedule.askedPerSecond, red: 500 }, // 10 % of the mean gap of 1000 / rate ms
    (lag) => `Requests went out up to ${lag.toFixed(1)} ms behind their time (p99).`,
  ),
  ...above(
    'dropped-requests',
    schedule.dropped,
    { amber: 0, red: 0 },
    (dropped) => `${dropped} planned requests were not sent, because too many were open.`,
  ),
];

interface TrustFacts {
  readonly summary: LoadSummary;
  /** Prompts share beginnings on purpose. */
  readonly reusesPrompts: boolean;
  /** Tokens each prompt was built with, by index, where a tokenizer said so. */
  readonly builtTokens: ReadonlyMap<number, number>;
}

/** The badge of a stage, by the thresholds of docs/metrics.md. */
export const stageTrust = (
  samples: readonly LoadSample[],
  { summary, reusesPrompts, builtTokens }: TrustFacts,
): Trust =>
  trustOf([
    ...requestReasons(samples, {
      loopDelayP99Ms: summary.loopDelayP99Ms,
      promptCountError: promptCountError(samples, builtTokens),
      reusesPrompts,
    }),
    ...(summary.schedule === null ? [] : scheduleReasons(summary.schedule)),
  ]);
