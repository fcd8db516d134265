import { max, median, min } from 'simple-statistics';

/** When warming up is over: docs/metrics.md, "Replication". */
export interface WarmUpRule {
  /** Relative range the last three repetitions must lie in. */
  readonly within: number;
  /** Repetitions at most. */
  readonly cap: number;
  /** Time at most, ms; at least one repetition is made whatever it takes. */
  readonly budgetMs: number;
}

const window = 3;
const cap = 10;

/** The engine settles within 2 %, the server with its clients within 10 %. */
export const warmUpRule = (ladder: 'engine' | 'api', budgetMs = Infinity): WarmUpRule => ({
  within: ladder === 'engine' ? 0.02 : 0.1,
  cap,
  budgetMs,
});

export type WarmUpState = 'settled' | 'capped' | 'out-of-time' | 'unfinished';

/** @param speeds one value per warm-up repetition so far. @param spentMs wall time of all of them. */
export const warmUpState = (speeds: readonly number[], spentMs: number, rule: WarmUpRule): WarmUpState => {
  const last = speeds.slice(-window);
  if (last.length === window && (max(last) - min(last)) / median(last) <= rule.within) return 'settled';
  if (speeds.length >= rule.cap) return 'capped';
  if (speeds.length > 0 && spentMs >= rule.budgetMs) return 'out-of-time';
  return 'unfinished';
};
