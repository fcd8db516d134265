import { z } from 'zod';
import { formatFigure } from '../../../shared/units/format.ts';
import { clipLengths, lengthParameters, lengthsText, sumOfLengths } from './lengths.ts';
import { defineProfile } from './profile.ts';
import { usersStage } from './stages.ts';

/** Load that lasts: whether heat, fragmentation or a leak slow the server down after the first minute. */
export const sustained = defineProfile({
  name: 'sustained',
  title: 'Sustained load',
  description: 'The same users for ten minutes: the first minute against the last.',
  schema: z.strictObject({
    ...lengthParameters,
    users: z.number().int().min(1).max(1024).default(4).describe('users at the same time'),
    durationSeconds: z.number().positive().default(600).describe('how long'),
  }),
  clip: clipLengths,
  test: ({ users, durationSeconds }) => `sustained x${users} ${durationSeconds} s`,
  describe: ({ users, durationSeconds, ...lengths }) =>
    `${users} users for ${durationSeconds} s without a pause; ${lengthsText(lengths)}.`,
  concurrency: ({ users }) => users,
  tokensPerRequest: sumOfLengths,
  plan: (parameters, results) =>
    results.length > 0 ? null : usersStage(parameters.users, parameters.durationSeconds, parameters),
  conclude: (_parameters, [result]) => {
    const first = result?.summary.firstMinute ?? null;
    const last = result?.summary.lastMinute ?? null;
    if (first === null || last === null || first.outputTps === 0) return null;
    const change = (last.outputTps / first.outputTps - 1) * 100;
    return `Last minute ${formatFigure(last.outputTps)} t/s against ${formatFigure(first.outputTps)} t/s in the first: ${change >= 0 ? '+' : '−'}${formatFigure(Math.abs(change))} %.`;
  },
});
