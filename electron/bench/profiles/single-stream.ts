import { z } from 'zod';
import { clipToContext, closedParameters, planStreams, runStreams } from './closed-streams.ts';
import { defineProfile } from './profile.ts';

/** One user, one request after the other: the latency and speed a single person gets. */
export const singleStream = defineProfile({
  name: 'single-stream',
  title: 'Single stream',
  description: 'One user who sends the next request when the answer is complete.',
  schema: z.strictObject(closedParameters),
  clip: clipToContext,
  test: () => 'single-stream',
  describe: ({ promptTokens, outputTokens }) =>
    `One user; ${promptTokens} prompt tokens, ${outputTokens} answer tokens; the next request follows at once.`,
  concurrency: () => 1,
  plan: (parameters) => planStreams(1, parameters),
  run: (parameters, requests, world) => runStreams(requests, parameters, world),
});
