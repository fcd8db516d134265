import { expect, it } from 'vitest';
import { joulesBetween, type TimedReading } from '../../../../electron/hardware/energy/joules-between.ts';

const reading = (atMs: number, given: Partial<TimedReading> = {}): TimedReading => ({
  device: 'CPU package',
  isGpu: false,
  atMs,
  counterJoules: null,
  watts: null,
  reason: null,
  ...given,
});

it('takes the difference of counters, else the area under the powers', () => {
  expect(joulesBetween(reading(0, { counterJoules: 5 }), reading(1000, { counterJoules: 47 }))).toEqual({
    joules: 42,
  });
  expect(joulesBetween(reading(0, { watts: 100 }), reading(500, { watts: 200 }))).toEqual({ joules: 75 });
});

it('tells no figure over a hole, a counter that began anew or stands still, or a sensor that is silent', () => {
  const from = (counterJoules: number | null) => reading(0, { counterJoules });
  const reasons = [
    joulesBetween(from(1), reading(3001, { counterJoules: 9 })),
    joulesBetween(from(9), reading(1000, { counterJoules: 1 })),
    joulesBetween(from(9), reading(1000, { counterJoules: 9 })),
    joulesBetween(from(9), reading(1000, { reason: 'root only' })),
    joulesBetween(from(null), reading(1000, { counterJoules: 9 })),
    joulesBetween(undefined, reading(1000, { counterJoules: 9 })),
  ].map((drawn) => ('reason' in drawn ? drawn.reason : drawn.joules));
  expect(reasons).toEqual([
    'the sensor was silent for a part of the time',
    'the energy counter began anew meanwhile',
    'the sensor stands still: the system shows it without feeding it',
    'root only',
    'the sensor was silent for a part of the time',
    'the sensor was not read before',
  ]);
  expect(joulesBetween(from(1), reading(3000, { counterJoules: 9 }))).toEqual({ joules: 8 });
});
