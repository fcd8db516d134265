import type { EnergyReading } from './energy-source.ts';

export interface TimedReading extends EnergyReading {
  /** Monotonic clock. */
  readonly atMs: number;
}

/** A longer hole between two readings is not bridged: what happened in it is unknown. As in docs/energy.md. */
const LONGEST_GAP_MS = 3000;

export type Drawn = { readonly joules: number } | { readonly reason: string };

/** From counters their difference, else the area under the two powers (trapezoidal rule). */
const between = (before: TimedReading, now: TimedReading): number | undefined => {
  if (before.counterJoules !== null && now.counterJoules !== null) {
    return now.counterJoules - before.counterJoules;
  }
  if (before.watts === null || now.watts === null) return undefined;
  return ((before.watts + now.watts) / 2) * ((now.atMs - before.atMs) / 1000);
};

/** What a device drew between two readings of it, or why that is not known. Pure. */
export const joulesBetween = (before: TimedReading | undefined, now: TimedReading): Drawn => {
  if (before === undefined) return { reason: now.reason ?? 'the sensor was not read before' };
  if (now.atMs - before.atMs > LONGEST_GAP_MS)
    return { reason: 'the sensor was silent for a part of the time' };
  const joules = between(before, now);
  if (joules === undefined) {
    return { reason: now.reason ?? before.reason ?? 'the sensor was silent for a part of the time' };
  }
  if (joules < 0) return { reason: 'the energy counter began anew meanwhile' };
  if (joules === 0) return { reason: 'the sensor stands still: the system shows it without feeding it' };
  return { joules };
};
