import { z } from 'zod';
import { clipToContext, closedParameters, planStreams, runStreams } from './closed-streams.ts';
import { defineProfile } from './profile.ts';

/** N users at once, each waiting for its answer before it sends again: what the server yields when it is shared. */
export const closedLoop = defineProfile({
  name: 'closed-loop',
  title: 'Closed loop',
  description: 'A fixed number of users, each of whom sends the next request when the answer is complete.',
  schema: z.strictObject({ ...closedParameters, concurrency: z.number().int().min(1).max(1024).default(4) }),
  clip: clipToContext,
  test: ({ concurrency }) => `closed-loop x${concurrency}`,
  describe: ({ concurrency, promptTokens, outputTokens }) =>
    `${concurrency} users at once; ${promptTokens} prompt tokens, ${outputTokens} answer tokens; each sends the next request when its answer is complete.`,
  concurrency: ({ concurrency }) => concurrency,
  plan: (parameters) => planStreams(parameters.concurrency, parameters),
  run: (parameters, requests, world) => runStreams(requests, parameters, world),
});
