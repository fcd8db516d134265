import { max, min, quantile } from 'simple-statistics';
import type { LoadSample, LoadSummary } from '../../../shared/contract/load.ts';

export interface PlannedSchedule {
  /** Mean rate that was asked for. */
  readonly perSecond: number;
}

const isDropped = (sample: LoadSample): boolean => sample.error?.code === 'bench.request-dropped';

export const lagOf = (sample: LoadSample): number => Math.max(0, sample.sentAtMs - sample.intendedAtMs);

const lastTimeOf = (sample: LoadSample): number => Math.max(sample.intendedAtMs, sample.sentAtMs);

/** Mean gap of a rate, ms; what a lag is held against. */
export const meanGapMs = ({ perSecond }: PlannedSchedule): number => 1000 / perSecond;

/**
 * How well the asked arrivals were kept: the driver may be late or may drop, it never slows down quietly. A request is late
 * when it went out over 10 % of the mean gap, and over 1 ms, behind its time.
 */
export const scheduleOf = (
  samples: readonly LoadSample[],
  planned: PlannedSchedule,
): NonNullable<LoadSummary['schedule']> => {
  const sent = samples.filter((sample) => !isDropped(sample));
  const lags = sent.map(lagOf);
  const limitMs = Math.max(1, meanGapMs(planned) / 10);
  const firstMs = samples.length === 0 ? 0 : min(samples.map((sample) => sample.intendedAtMs));
  const lastMs =
    samples.length === 0
      ? 0
      : max(samples.map((sample) => (isDropped(sample) ? sample.intendedAtMs : lastTimeOf(sample))));
  // the last request stands for one more gap, so that a kept schedule has exactly the rate that was asked
  const spanMs = samples.length === 0 ? 0 : lastMs - firstMs + meanGapMs(planned);
  const at = (p: number): number | null => (lags.length === 0 ? null : quantile(lags, p));
  return {
    askedPerSecond: planned.perSecond,
    achievedPerSecond: spanMs === 0 ? 0 : (sent.length / spanMs) * 1000,
    lagP50Ms: at(0.5),
    lagP99Ms: at(0.99),
    lagMaxMs: lags.length === 0 ? null : max(lags),
    late: lags.filter((lag) => lag > limitMs).length,
    dropped: samples.length - sent.length,
  };
};
