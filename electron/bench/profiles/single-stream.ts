import { z } from 'zod';
import { closedLoadDefaults, closedParameters, planStreams } from './closed-streams.ts';
import { clipLengths, lengthsText, sumOfLengths } from './lengths.ts';
import { defineProfile } from './profile.ts';

/** One user, one request after the other: the latency and speed a single person gets. */
export const singleStream = defineProfile({
  name: 'single-stream',
  title: 'Single stream',
  description: 'One user who sends the next request when the answer is complete.',
  schema: z.strictObject(closedParameters),
  loadDefaults: closedLoadDefaults,
  clip: clipLengths,
  test: () => 'single-stream',
  describe: (lengths) => `One user; ${lengthsText(lengths)}; the next request follows at once.`,
  concurrency: () => 1,
  tokensPerRequest: sumOfLengths,
  plan: (parameters, results) => (results.length === 0 ? planStreams(1, parameters) : null),
});
