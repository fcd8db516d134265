import { z } from 'zod';
import { lengthParameters, type Lengths } from './lengths.ts';
import type { Stage } from './profile.ts';

/** Lengths and amounts that the plain closed shapes share. */
export const closedParameters = {
  ...lengthParameters,
  requests: z.number().int().min(1).default(2).describe('requests each user sends at least'),
  minimumMs: z
    .number()
    .int()
    .min(0)
    .default(250)
    .describe('a user goes on sending until the load has lasted this long, ms'),
};

/** Long enough for medians with an interval, and for a look at the live chart. */
export const closedLoadDefaults = { requests: 10, minimumMs: 10_000 };

interface ClosedParameters extends Lengths {
  readonly requests: number;
  readonly minimumMs: number;
}

/** However fast the answers come, a stream sends at most this many times its `requests`. */
const stretch = 16;

/** Requests dealt out to the streams in turn, so that the first ones of all streams have the lowest indices. */
export const planStreams = (users: number, parameters: ClosedParameters): Stage => ({
  name: `x${users}`,
  load: { type: 'users', users },
  pacing: {
    type: 'closed',
    atLeast: parameters.requests,
    minimumMs: parameters.minimumMs,
    repeats: false,
  },
  requests: Array.from({ length: users * parameters.requests * stretch }, (_, index) => ({
    index,
    stream: index % users,
    promptTokens: parameters.promptTokens,
    outputTokens: parameters.outputTokens,
  })),
  reusesPrompts: false,
});
