import type { LimitState } from './limiter.ts';
import { WINDOW_MS } from './gcra.ts';

/** `90 ms`, `1.5s`, `6m0s`: durations as OpenAI's headers write them. */
const duration = (ms: number): string => {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 100) / 10;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${Math.round(seconds % 60)}s`;
};

const isTighter = (left: LimitState, right: LimitState): boolean =>
  left.remaining / left.rule.limit < right.remaining / right.rule.limit;

const openAiHeaders = (states: readonly LimitState[], resource: 'requests' | 'tokens') => {
  let tightest: LimitState | undefined;
  for (const state of states) {
    if (state.rule.resource !== resource) continue;
    if (tightest === undefined || isTighter(state, tightest)) tightest = state;
  }
  if (tightest === undefined) return {};
  return {
    [`x-ratelimit-limit-${resource}`]: String(tightest.rule.limit),
    [`x-ratelimit-remaining-${resource}`]: String(tightest.remaining),
    [`x-ratelimit-reset-${resource}`]: duration(tightest.resetMs ?? 0),
  };
};

/**
 * What is left, in OpenAI's headers (of the tightest limit) and in those of draft-ietf-httpapi-ratelimit-headers-10 (of
 * every rate). Empty without limits.
 */
export const limitHeaders = (states: readonly LimitState[]): Readonly<Record<string, string>> => {
  const rates = states.filter(({ resetMs }) => resetMs !== null);
  if (rates.length === 0) return {};
  const name = ({ rule }: LimitState): string => `"${rule.scope}-${rule.resource}"`;
  return {
    ...openAiHeaders(states, 'requests'),
    ...openAiHeaders(states, 'tokens'),
    'ratelimit-policy': rates
      .map((state) => `${name(state)};q=${state.rule.limit};w=${WINDOW_MS / 1000}`)
      .join(', '),
    ratelimit: rates
      .map((state) => `${name(state)};r=${state.remaining};t=${Math.ceil((state.resetMs ?? 0) / 1000)}`)
      .join(', '),
  };
};
