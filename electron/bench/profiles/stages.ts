import type { StageLoad } from '../../../shared/contract/load.ts';
import { formatCount, formatFigure } from '../../../shared/units/format.ts';
import { arrivalOffsets, type ArrivalRule } from './arrivals.ts';
import type { Lengths } from './lengths.ts';
import type { PlannedRequest, Stage } from './profile.ts';

/** Requests per stream a timed stage plans before it begins again from the first. */
const requestsPerCycle = 16;

/** `n` users who send again at once for `seconds`; each answers at least twice, however slow the server is. */
export const usersStage = (
  users: number,
  seconds: number,
  lengths: Lengths,
  named: { readonly name?: string; readonly load?: StageLoad; readonly atLeast?: number } = {},
): Stage => ({
  name: named.name ?? `x${users}`,
  load: named.load ?? { type: 'users', users },
  pacing: { type: 'closed', atLeast: named.atLeast ?? 2, minimumMs: seconds * 1000, repeats: true },
  requests: Array.from({ length: users * requestsPerCycle }, (_, index) => ({
    index,
    stream: index % users,
    promptTokens: lengths.promptTokens,
    outputTokens: lengths.outputTokens,
  })),
  reusesPrompts: false,
});

interface RateOptions {
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly rule: ArrivalRule;
  readonly maxInFlight: number;
  readonly seed: number;
  readonly lengths: Lengths;
  readonly name?: string;
}

/** Requests of an open stage at given times. Nobody waits for anybody, so every request is a stream of its own. */
export const requestsAt = (offsetsMs: readonly number[], lengths: Lengths): readonly PlannedRequest[] =>
  offsetsMs.map((offsetMs, index) => ({
    index,
    stream: index,
    promptTokens: lengths.promptTokens,
    outputTokens: lengths.outputTokens,
    offsetMs,
  }));

/** An open loop at one rate: rate × seconds requests over exactly that time. */
export const rateStage = (options: RateOptions): Stage => {
  const { ratePerSecond, seconds, rule, maxInFlight, seed, lengths } = options;
  const count = Math.max(1, Math.round(ratePerSecond * seconds));
  const offsets = arrivalOffsets(count, (count / ratePerSecond) * 1000, rule, seed);
  return {
    name: options.name ?? `${formatFigure(ratePerSecond)}/s`,
    load: { type: 'rate', perSecond: ratePerSecond },
    pacing: { type: 'open', maxInFlight },
    requests: requestsAt(offsets, lengths),
    reusesPrompts: false,
  };
};

export const depthName = (tokens: number): string => `depth ${formatCount(tokens)}`;
