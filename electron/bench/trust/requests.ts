import { max, median } from 'simple-statistics';
import type { RequestSample } from '../../../shared/contract/bench.ts';
import { rawValues } from '../figures/request-metrics.ts';
import { above, percent, type TrustReason } from './reason.ts';

/** What the measuring client itself saw. */
export interface ClientFacts {
  /** Largest event-loop delay p99 of the driver over the repetitions, ms. */
  readonly loopDelayP99Ms: number | null;
  /** Largest relative difference of the server's prompt count from the tokenizer's. */
  readonly promptCountError: number | null;
  /** Prompts share beginnings on purpose, so a cache may answer them. */
  readonly reusesPrompts: boolean;
}

const largest = (values: readonly number[]): number | null => (values.length === 0 ? null : max([...values]));

/** Signals of the API ladder, over the measured requests. */
export const requestReasons = (
  samples: readonly RequestSample[],
  { loopDelayP99Ms, promptCountError, reusesPrompts }: ClientFacts,
): readonly TrustReason[] => {
  const failed = samples.filter((sample) => sample.error !== null);
  const good = samples.filter((sample) => sample.error === null);
  const cached = largest(
    good.flatMap(({ cachedTokens, promptTokens }) =>
      cachedTokens === null || promptTokens === null ? [] : [cachedTokens / promptTokens],
    ),
  );
  const lengthError = largest(
    good.flatMap(({ outputTokens, askedTokens }) =>
      outputTokens === null ? [] : [Math.abs(outputTokens - askedTokens) / askedTokens],
    ),
  );
  const tpots = rawValues(good).tpotMs;
  const tpotMs = tpots.length === 0 ? null : median([...tpots]);
  return [
    ...above(
      'errors',
      samples.length === 0 ? null : failed.length / samples.length,
      { amber: 0, red: 0.01 },
      () => `${failed.length} of ${samples.length} requests failed: ${failed[0]?.error?.message ?? ''}`,
    ),
    ...above(
      'cached-tokens',
      reusesPrompts ? null : cached,
      { amber: 0, red: 0.05 },
      (share) => `Up to ${percent(share)} of a prompt came out of a cache although none was planned.`,
    ),
    ...above(
      'output-length',
      lengthError,
      { amber: 0.05, red: 0.2 },
      (share) => `An answer's length was ${percent(share)} away from what was asked.`,
    ),
    ...above(
      'token-count',
      promptCountError,
      { amber: 0.02, red: 0.1 },
      (share) =>
        `The server counted ${percent(share)} more or fewer prompt tokens than the model's tokenizer.`,
    ),
    ...(good.some((sample) => sample.tokenCountSource === 'events')
      ? [
          {
            level: 'amber' as const,
            signal: 'token-source',
            message: 'The server sent no usage, so output tokens are estimated from events.',
          },
        ]
      : []),
    ...above(
      'client-delay',
      loopDelayP99Ms,
      // a late client is only held against the result where it is large beside the time of a token
      { amber: 5, red: Math.max(5, tpotMs === null ? Infinity : tpotMs * 0.2) },
      (delay) => `The measuring client was up to ${delay.toFixed(1)} ms late itself (p99 of its event loop).`,
    ),
  ];
};
