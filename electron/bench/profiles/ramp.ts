import { z } from 'zod';
import { formatFigure } from '../../../shared/units/format.ts';
import { arrivalOffsets } from './arrivals.ts';
import { clipLengths, lengthParameters, lengthsText, sumOfLengths } from './lengths.ts';
import { openParameters } from './open-loop.ts';
import { defineProfile } from './profile.ts';
import { requestsAt } from './stages.ts';

interface Slope {
  readonly fromPerSecond: number;
  readonly toPerSecond: number;
  readonly durationSeconds: number;
}

/**
 * When the expected number of requests under a linear rate reaches `share` (0..1) of its total, seconds. Solves
 * a·t + (b − a)·t² / 2T = share · (a + b)·T / 2 for t, in the form that is stable for a = b.
 */
const timeOfShare = (
  share: number,
  { fromPerSecond: a, toPerSecond: b, durationSeconds: t }: Slope,
): number => {
  const target = (share * (a + b) * t) / 2;
  return (2 * target) / (a + Math.sqrt(a * a + (2 * (b - a) * target) / t));
};

/** An open loop whose rate rises (or falls) in a straight line: where the server begins to fall behind. */
export const ramp = defineProfile({
  name: 'ramp',
  title: 'Ramp',
  description: 'An open loop whose rate changes in a straight line from one value to another.',
  schema: z.strictObject({
    ...lengthParameters,
    fromPerSecond: z
      .number()
      .positive()
      .max(10_000)
      .default(0.5)
      .describe('requests per second at the start'),
    toPerSecond: z.number().positive().max(10_000).default(4).describe('requests per second at the end'),
    durationSeconds: z.number().positive().default(60).describe('how long requests are sent'),
    arrival: z.enum(['constant', 'poisson']).default('constant').describe('how they are spaced'),
    ...openParameters,
  }),
  clip: clipLengths,
  test: ({ fromPerSecond, toPerSecond }) =>
    `ramp ${formatFigure(fromPerSecond)}–${formatFigure(toPerSecond)}/s`,
  describe: ({ fromPerSecond, toPerSecond, durationSeconds, ...lengths }) =>
    `From ${formatFigure(fromPerSecond)} to ${formatFigure(toPerSecond)} requests per second within ${durationSeconds} s; ${lengthsText(lengths)}.`,
  concurrency: ({ maxInFlight }) => maxInFlight,
  tokensPerRequest: sumOfLengths,
  plan: (parameters, results, { seed }) => {
    if (results.length > 0) return null;
    const meanPerSecond = (parameters.fromPerSecond + parameters.toPerSecond) / 2;
    const count = Math.max(1, Math.round(meanPerSecond * parameters.durationSeconds));
    // arrivals of rate 1 on 0..1, stretched along the ramp: the time-rescaling theorem
    const shares = arrivalOffsets(count, 1, { arrival: parameters.arrival, burstiness: 1 }, seed);
    return {
      name: `${formatFigure(parameters.fromPerSecond)}–${formatFigure(parameters.toPerSecond)}/s`,
      load: { type: 'rate', perSecond: meanPerSecond },
      pacing: { type: 'open', maxInFlight: parameters.maxInFlight },
      requests: requestsAt(
        shares.map((share) => timeOfShare(share, parameters) * 1000),
        parameters,
      ),
      reusesPrompts: false,
    };
  },
});
