import type { UsageSum } from '../../../../shared/contract/usage.ts';

/** How often all of this page asks anew: its figures must be of one moment. */
export const usageRefreshMs = 10_000;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How far back is looked, and in what steps. Times are UTC, as the ledger sums them. */
export interface UsageSpan {
  readonly id: 'day' | 'week' | 'month';
  readonly title: string;
  readonly by: 'hour' | 'day';
  readonly stepMs: number;
  readonly steps: number;
}

export const usageSpans: readonly UsageSpan[] = [
  { id: 'day', title: '24 hours', by: 'hour', stepMs: HOUR_MS, steps: 24 },
  { id: 'week', title: '7 days', by: 'hour', stepMs: HOUR_MS, steps: 7 * 24 },
  { id: 'month', title: '30 days', by: 'day', stepMs: DAY_MS, steps: 30 },
];

/** Beginning of the first step, so that the last one holds `nowMs`. */
export const beginningOf = ({ stepMs, steps }: UsageSpan, nowMs: number): number =>
  (Math.floor(nowMs / stepMs) - steps + 1) * stepMs;

/** What is drawn and summed of a step. */
type Drawn = Pick<UsageSum, 'requests' | 'errors' | 'promptTokens' | 'cachedTokens' | 'outputTokens'>;

/** A step of the span with what was used in it; a step without a request has zeros. */
export interface UsageStep extends Drawn {
  readonly atMs: number;
}

const nothing: Drawn = { requests: 0, errors: 0, promptTokens: 0, cachedTokens: 0, outputTokens: 0 };

/** Every step of the span, oldest first; the ledger tells only those that had a request. */
export const fillSteps = (
  span: UsageSpan,
  fromMs: number,
  sums: readonly (Drawn & Pick<UsageSum, 'group'>)[],
): readonly UsageStep[] => {
  const known = new Map(sums.map((sum) => [Date.parse(sum.group), sum]));
  return Array.from({ length: span.steps }, (_, index) => {
    const atMs = fromMs + index * span.stepMs;
    const { requests, errors, promptTokens, cachedTokens, outputTokens } = known.get(atMs) ?? nothing;
    return { atMs, requests, errors, promptTokens, cachedTokens, outputTokens };
  });
};

/** The sum over all steps. */
export const totalOf = (steps: readonly UsageStep[]): Drawn =>
  steps.reduce(
    (total, step) => ({
      requests: total.requests + step.requests,
      errors: total.errors + step.errors,
      promptTokens: total.promptTokens + step.promptTokens,
      cachedTokens: total.cachedTokens + step.cachedTokens,
      outputTokens: total.outputTokens + step.outputTokens,
    }),
    nothing,
  );
