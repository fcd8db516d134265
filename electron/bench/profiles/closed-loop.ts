import { z } from 'zod';
import { closedLoadDefaults, closedParameters, planStreams } from './closed-streams.ts';
import { clipLengths, lengthsText, sumOfLengths } from './lengths.ts';
import { defineProfile } from './profile.ts';

/** N users at once, each waiting for its answer before it sends again: what the server yields when it is shared. */
export const closedLoop = defineProfile({
  name: 'closed-loop',
  title: 'Closed loop',
  description: 'A fixed number of users, each of whom sends the next request when the answer is complete.',
  schema: z.strictObject({
    ...closedParameters,
    concurrency: z.number().int().min(1).max(1024).default(4).describe('users at the same time'),
  }),
  loadDefaults: closedLoadDefaults,
  clip: clipLengths,
  test: ({ concurrency }) => `closed-loop x${concurrency}`,
  describe: ({ concurrency, ...lengths }) =>
    `${concurrency} users at once; ${lengthsText(lengths)}; each sends the next request when its answer is complete.`,
  concurrency: ({ concurrency }) => concurrency,
  tokensPerRequest: sumOfLengths,
  plan: (parameters, results) =>
    results.length === 0 ? planStreams(parameters.concurrency, parameters) : null,
});
