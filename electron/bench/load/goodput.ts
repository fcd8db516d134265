import type { LoadSample, LoadSummary, Slo } from '../../../shared/contract/load.ts';
import { tpotOf } from '../figures/request-metrics.ts';
import { lagOf } from './schedule.ts';

const isWithin = (value: number | null, limit: number | undefined): boolean =>
  limit === undefined || (value !== null && value <= limit);

/**
 * Whether a request keeps every limit. Latencies count from the intended send, which in a closed loop is the send itself;
 * errors and cancels are bad. An answer of one token has no TPOT and keeps that limit.
 */
export const keepsSlo = (sample: LoadSample, slo: Slo): boolean => {
  if (sample.error !== null) return false;
  const lag = lagOf(sample);
  const since = (ms: number | null): number | null => (ms === null ? null : ms + lag);
  const tpot = sample.outputTokens === 1 ? 0 : tpotOf(sample);
  return (
    isWithin(since(sample.firstTokenMs), slo.ttftMs) &&
    isWithin(tpot, slo.tpotMs) &&
    isWithin(since(sample.lastTokenMs), slo.e2eMs)
  );
};

/** Good requests over attempted ones, and per second of the stage. */
export const goodputOf = (
  samples: readonly LoadSample[],
  slo: Slo | null,
  wallMs: number,
): LoadSummary['goodput'] => {
  if (slo === null) return null;
  const good = samples.filter((sample) => keepsSlo(sample, slo)).length;
  return { good, attempted: samples.length, perSecond: wallMs > 0 ? (good / wallMs) * 1000 : 0 };
};
