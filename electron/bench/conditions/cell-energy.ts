import type { DeviceEnergy } from '../../../shared/contract/conditions.ts';
import { formatDuration } from '../../../shared/units/format.ts';
import type { TimeSpan } from '../trust/time-span.ts';
import { beganAnew, joulesWithin, type DeviceReadings } from './energy-meter.ts';

/** What was measured in a cell, for its energy. */
export interface MeasuredWork {
  /** One per measured repetition, in order. */
  readonly spans: readonly TimeSpan[];
  /** Tokens over all of them. */
  readonly tokens: number;
  /** Work that no span shows lies between their ends: the cache is filled to a depth first. */
  readonly hasHiddenWork: boolean;
}

/** Below this many readings an energy is the sensor's grain, not the model's work. */
const minReadings = 4;
const minSeconds = 2;
/** Repetitions that fill this share of the time from the first to the last count as one stretch. */
const minBusyShare = 0.9;

const lengthMs = ({ fromMs, toMs }: TimeSpan): number => toMs - fromMs;

/**
 * The steady window: all repetitions as one stretch where they follow each other at once, else each repetition by
 * itself. The sensors tell two to four times a second, so a short stretch that stands alone cannot be told.
 */
const windowOf = ({ spans }: MeasuredWork): readonly TimeSpan[] => {
  const [first, last] = [spans.at(0), spans.at(-1)];
  if (first === undefined || last === undefined) return [];
  const whole = { fromMs: first.fromMs, toMs: last.toMs };
  const busyMs = spans.reduce((sum, span) => sum + lengthMs(span), 0);
  return busyMs >= minBusyShare * lengthMs(whole) ? [whole] : spans;
};

const readingsIn = (readings: DeviceReadings, window: readonly TimeSpan[]): number =>
  window.reduce(
    (sum, { fromMs, toMs }) =>
      sum + readings.points.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs).length,
    0,
  );

const idleWattsOf = (readings: DeviceReadings, idle: TimeSpan | undefined): number | null => {
  if (idle === undefined) return null;
  const within = readings.points.filter(({ atMs }) => atMs >= idle.fromMs && atMs <= idle.toMs);
  const [first, last] = [within.at(0), within.at(-1)];
  if (first === undefined || last === undefined || last.atMs - first.atMs < 500) return null;
  if (beganAnew(readings.points, idle)) return null;
  return (last.joules - first.joules) / ((last.atMs - first.atMs) / 1000);
};

/**
 * Joules per token of one device over the steady window, gross and above the idle draw; or why it cannot be told.
 * @param idle a stretch before the run in which nothing was measured. Pure.
 */
export const energyOf = (
  readings: DeviceReadings,
  work: MeasuredWork,
  idle: TimeSpan | undefined,
): DeviceEnergy => {
  const { device, method, source } = readings;
  const none = (cause: NonNullable<DeviceEnergy['cause']>, reason: string): DeviceEnergy => ({
    device,
    value: null,
    reason,
    cause,
  });
  if (readings.reason !== null) return none('no-sensor', readings.reason);
  if (work.hasHiddenWork) {
    return none(
      'not-separable',
      'filling the cache before every repetition cannot be told from the measured part',
    );
  }
  const window = windowOf(work);
  const seconds = window.reduce((sum, span) => sum + lengthMs(span), 0) / 1000;
  const count = readingsIn(readings, window);
  if (seconds < minSeconds || count < minReadings * window.length) {
    return none(
      'too-short',
      `${window.length === 1 ? 'the measured time' : `each of the ${window.length} repetitions, apart in time,`} is too short for the sensors (${formatDuration((seconds * 1000) / window.length)}, ${count} readings): give a longer test or more repetitions`,
    );
  }
  if (window.some((span) => beganAnew(readings.points, span)))
    return none('interrupted', 'the energy counter began anew meanwhile');
  const parts = window.map((span) => joulesWithin(readings.points, span));
  const joules = parts.reduce<number | undefined>(
    (sum, part) => (sum === undefined || part === undefined ? undefined : sum + part),
    0,
  );
  if (joules === undefined)
    return none('interrupted', 'the sensors were silent for a part of the measured time');
  if (!(joules > 0))
    return none('no-sensor', 'the energy counter stands still: the system shows it without feeding it');
  if (!(work.tokens > 0)) return none('interrupted', 'no token was measured');
  const idleWatts = idleWattsOf(readings, idle);
  const above = idleWatts === null ? null : joules - idleWatts * seconds;
  return {
    device,
    reason: null,
    cause: null,
    value: {
      joules,
      seconds,
      tokens: work.tokens,
      joulesPerToken: joules / work.tokens,
      // a window under the idle draw says that the idle draw was none
      joulesPerTokenAboveIdle: above === null || above <= 0 ? null : above / work.tokens,
      idleWatts,
      method,
      readings: count,
      source,
    },
  };
};
