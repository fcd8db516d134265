import type { Trust } from '../../../shared/contract/bench.ts';

export type TrustReason = Trust['reasons'][number];

interface Thresholds {
  readonly amber: number;
  readonly red: number;
}

/**
 * A reason when `value` lies above a threshold of docs/metrics.md; nothing when it lies below, or is unknown.
 * @param message the reason in words, with the value as people read it.
 */
export const above = (
  signal: string,
  value: number | null | undefined,
  { amber, red }: Thresholds,
  message: (value: number) => string,
): readonly TrustReason[] => {
  if (value === null || value === undefined || !(value > amber)) return [];
  return [{ level: value > red ? 'red' : 'amber', signal, message: message(value) }];
};

/** `4.2 %` from 0.042. */
export const percent = (share: number): string => {
  const value = share * 100;
  return `${value.toFixed(Math.abs(value) < 10 ? 1 : 0)} %`;
};
