import { z } from 'zod';
import { formatFigure } from '../../../shared/units/format.ts';
import { clipLengths, lengthParameters, lengthsText, sumOfLengths } from './lengths.ts';
import { defineProfile } from './profile.ts';
import { rateStage } from './stages.ts';

export const openParameters = {
  maxInFlight: z
    .number()
    .int()
    .min(1)
    .max(4096)
    .default(256)
    .describe('open requests at most; what comes on top is dropped and counted, never delayed'),
};

const arrivalNames = {
  constant: 'evenly spaced',
  poisson: 'Poisson arrivals',
  gamma: 'gamma arrivals',
} as const;

/** Requests at a rate of their own, whether or not the server keeps up: what a service with many strangers meets. */
export const openLoop = defineProfile({
  name: 'open-loop',
  title: 'Open loop',
  description:
    'Requests at a fixed mean rate that do not wait for answers: evenly spaced, Poisson, or bursty.',
  schema: z.strictObject({
    ...lengthParameters,
    ratePerSecond: z.number().positive().max(10_000).default(2).describe('requests per second, on average'),
    durationSeconds: z.number().positive().default(60).describe('how long requests are sent'),
    arrival: z.enum(['constant', 'poisson', 'gamma']).default('poisson').describe('how they are spaced'),
    burstiness: z
      .number()
      .min(0.05)
      .max(1000)
      .default(1)
      .describe('gamma only, as in vLLM: 1 is Poisson, below 1 bursty, above 1 regular'),
    ...openParameters,
  }),
  clip: clipLengths,
  test: ({ arrival, ratePerSecond }) => `open-loop ${arrival} ${formatFigure(ratePerSecond)}/s`,
  describe: ({ ratePerSecond, durationSeconds, arrival, burstiness, ...lengths }) =>
    `${formatFigure(ratePerSecond)} requests per second for ${durationSeconds} s, ${arrivalNames[arrival]}${
      arrival === 'gamma' ? ` (burstiness ${burstiness})` : ''
    }; ${lengthsText(lengths)}; nobody waits for an answer.`,
  concurrency: ({ maxInFlight }) => maxInFlight,
  tokensPerRequest: sumOfLengths,
  plan: (parameters, results, { seed }) =>
    results.length > 0
      ? null
      : rateStage({
          ratePerSecond: parameters.ratePerSecond,
          seconds: parameters.durationSeconds,
          rule: parameters,
          maxInFlight: parameters.maxInFlight,
          seed,
          lengths: parameters,
        }),
});
