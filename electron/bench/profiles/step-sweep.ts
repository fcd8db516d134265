import { z } from 'zod';
import { clipLengths, lengthParameters, lengthsText, sumOfLengths } from './lengths.ts';
import { openParameters } from './open-loop.ts';
import { defineProfile } from './profile.ts';
import { rateStage, usersStage } from './stages.ts';

/** One load level after the other, each a stage of its own: the curve of speed and latency over load. */
export const stepSweep = defineProfile({
  name: 'step-sweep',
  title: 'Step sweep',
  stages: 'several',
  description: 'A list of load levels, one after the other: numbers of users, or Poisson rates.',
  schema: z.strictObject({
    ...lengthParameters,
    by: z.enum(['users', 'rate']).default('users').describe('what the steps are'),
    steps: z
      .array(z.number().positive().max(10_000))
      .min(1)
      .max(64)
      .default([1, 2, 4, 8])
      .describe('the levels, in order'),
    stepSeconds: z.number().positive().default(20).describe('length of a step'),
    ...openParameters,
  }),
  clip: (parameters, contextSize) =>
    clipLengths(
      {
        ...parameters,
        steps:
          parameters.by === 'users'
            ? parameters.steps.map((step) => Math.max(1, Math.round(step)))
            : parameters.steps,
      },
      contextSize,
    ),
  test: ({ by, steps }) => `step-sweep ${by} ${steps.join(', ')}`,
  describe: ({ by, steps, stepSeconds, ...lengths }) =>
    `${steps.join(', ')} ${by === 'users' ? 'users' : 'requests per second'}, ${stepSeconds} s each; ${lengthsText(lengths)}.`,
  concurrency: ({ by, steps, maxInFlight }) => (by === 'users' ? Math.max(...steps) : maxInFlight),
  tokensPerRequest: sumOfLengths,
  plan: (parameters, results, { seed }) => {
    const step = parameters.steps[results.length];
    if (step === undefined) return null;
    if (parameters.by === 'users') {
      const stage = usersStage(step, parameters.stepSeconds, parameters);
      return { ...stage, name: `${results.length + 1}: ${stage.name}` };
    }
    const stage = rateStage({
      ratePerSecond: step,
      seconds: parameters.stepSeconds,
      rule: { arrival: 'poisson', burstiness: 1 },
      maxInFlight: parameters.maxInFlight,
      seed: seed + results.length,
      lengths: parameters,
    });
    return { ...stage, name: `${results.length + 1}: ${stage.name}` };
  },
});
