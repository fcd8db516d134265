import type { DeviceEnergy, RepetitionEnergy } from '../../../shared/contract/conditions.ts';
import { formatDuration } from '../../../shared/units/format.ts';
import { estimateOf } from '../stats/estimate.ts';
import type { TimeSpan } from '../trust/time-span.ts';
import { beganAnew, hasHole, joulesWithin, type DeviceReadings } from './energy-meter.ts';

/** One measured repetition, for its energy. */
export interface RepetitionWork {
  readonly index: number;
  readonly span: TimeSpan;
  readonly tokens: number;
}

/** What was measured in a cell, for its energy. */
export interface MeasuredWork {
  /** In order. */
  readonly repetitions: readonly RepetitionWork[];
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
const windowOf = ({ repetitions }: MeasuredWork): readonly TimeSpan[] => {
  const spans = repetitions.map(({ span }) => span);
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

/** Joules of a stretch, or why there are none; the two of `value` and `reason` exclude each other. */
type Told = Omit<RepetitionEnergy, 'index'>;

const none = (cause: NonNullable<Told['cause']>, reason: string): Told => ({ value: null, reason, cause });

const silent = none('interrupted', 'the sensors were silent for a part of the measured time');

interface Stretches {
  readonly spans: readonly TimeSpan[];
  readonly tokens: number;
  /** How a reader calls them: `the measured time`. */
  readonly name: string;
  /** What makes them longer. */
  readonly remedy: string;
}

const tooShort = ({ spans, name, remedy }: Stretches, seconds: number, count: number): Told =>
  none(
    'too-short',
    `${name} is too short for the sensors (${formatDuration((seconds * 1000) / spans.length)}, ${count} ${count === 1 ? 'reading' : 'readings'}): ${remedy}`,
  );

/** Energy over stretches of time that make one figure. */
const energyWithin = (readings: DeviceReadings, stretches: Stretches, idleWatts: number | null): Told => {
  const { spans, tokens } = stretches;
  const seconds = spans.reduce((sum, span) => sum + lengthMs(span), 0) / 1000;
  const count = readingsIn(readings, spans);
  if (seconds < minSeconds) return tooShort(stretches, seconds, count);
  if (spans.some((span) => beganAnew(readings.points, span)))
    return none('interrupted', 'the energy counter began anew meanwhile');
  if (spans.some((span) => hasHole(readings.points, span))) return silent;
  if (count < minReadings * spans.length) return tooShort(stretches, seconds, count);
  const joules = spans.reduce<number | undefined>((sum, span) => {
    const part = joulesWithin(readings.points, span);
    return sum === undefined || part === undefined ? undefined : sum + part;
  }, 0);
  if (joules === undefined) return silent;
  if (!(joules > 0))
    return none('no-sensor', 'the energy counter stands still: the system shows it without feeding it');
  if (!(tokens > 0)) return none('interrupted', 'no token was measured');
  const above = idleWatts === null ? null : joules - idleWatts * seconds;
  return {
    value: {
      joules,
      seconds,
      tokens,
      joulesPerToken: joules / tokens,
      // a stretch under the idle draw says that the idle draw was none
      joulesPerTokenAboveIdle: above === null || above <= 0 ? null : above / tokens,
      readings: count,
    },
    reason: null,
    cause: null,
  };
};

/** Median and spread of J/token over the repetitions that have a figure. */
const overRepetitions = (
  repetitions: readonly RepetitionEnergy[],
): Pick<DeviceEnergy, 'perToken' | 'perTokenAboveIdle'> => {
  const values = repetitions.flatMap(({ value }) => value ?? []);
  const above = values.flatMap(({ joulesPerTokenAboveIdle }) => joulesPerTokenAboveIdle ?? []);
  return {
    perToken: estimateOf(values.map(({ joulesPerToken }) => joulesPerToken)) ?? null,
    // without those that lie under the idle draw the median would be one of the hungry ones
    perTokenAboveIdle: above.length < values.length ? null : (estimateOf(above) ?? null),
  };
};

/** Why no stretch of the cell can have a figure, however long it is. */
const obstacleOf = (readings: DeviceReadings, { hasHiddenWork }: MeasuredWork): Told | undefined => {
  if (readings.reason !== null) return none('no-sensor', readings.reason);
  return hasHiddenWork
    ? none('not-separable', 'filling the cache before every repetition cannot be told from the measured part')
    : undefined;
};

/**
 * Joules per token of one device, gross and above the idle draw: of every repetition by itself, and of the steady
 * window, which also tells where the repetitions are too short; or why it cannot be told.
 * @param idle a stretch before the run in which nothing was measured. Pure.
 */
export const energyOf = (
  readings: DeviceReadings,
  work: MeasuredWork,
  idle: TimeSpan | undefined,
): DeviceEnergy => {
  const { device, method, source } = readings;
  const obstacle = obstacleOf(readings, work);
  if (obstacle !== undefined)
    return { device, ...obstacle, value: null, repetitions: [], perToken: null, perTokenAboveIdle: null };
  const idleWatts = idleWattsOf(readings, idle);
  const repetitions = work.repetitions.map(({ index, span, tokens }) => ({
    index,
    ...energyWithin(
      readings,
      { spans: [span], tokens, name: 'the repetition', remedy: 'give a longer test' },
      idleWatts,
    ),
  }));
  const spans = windowOf(work);
  const window = energyWithin(
    readings,
    {
      spans,
      tokens: work.repetitions.reduce((sum, { tokens }) => sum + tokens, 0),
      remedy: 'give a longer test or more repetitions',
      name:
        spans.length === 1 ? 'the measured time' : `each of the ${spans.length} repetitions, apart in time,`,
    },
    idleWatts,
  );
  return {
    device,
    ...window,
    value: window.value === null ? null : { ...window.value, idleWatts, method, source },
    repetitions,
    ...overRepetitions(repetitions),
  };
};
