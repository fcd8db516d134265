import { z } from 'zod';
import { formatFigure } from '../../../shared/units/format.ts';
import { clipLengths, lengthParameters, lengthsText, sumOfLengths } from './lengths.ts';
import { openParameters } from './open-loop.ts';
import { defineProfile, type StageResult } from './profile.ts';
import { rateStage, usersStage } from './stages.ts';

/** A doubling of the users that brings less has found the limit. */
const worthwhileGain = 0.05;
/** Above this share of failures more load tells nothing. */
const bearableErrors = 0.1;
/** Where to look closer, as shares of the found rate. */
const shares = [0.5, 0.7, 0.9] as const;

const throughputOf = ({ summary }: StageResult): number => summary.systemTps ?? summary.wholeTps ?? 0;
const rateOf = ({ summary }: StageResult): number => summary.requestsPerSecond ?? 0;
const usersOf = ({ load }: StageResult): number | null => (load.type === 'users' ? load.users : null);

const sweepOf = (results: readonly StageResult[]) => results.filter((result) => usersOf(result) !== null);

type EndOfSweep = 'gain' | 'over-saturated' | 'errors' | 'most users';

/** Why the sweep is over; `null` while it goes on. */
const endOf = (sweep: readonly StageResult[], maxUsers: number): EndOfSweep | null => {
  const last = sweep.at(-1);
  const before = sweep.at(-2);
  if (last === undefined) return null;
  const failed = last.summary.attempted - last.summary.finished;
  if (failed > last.summary.attempted * bearableErrors) return 'errors';
  if (last.summary.isOverSaturated) return 'over-saturated';
  if (before !== undefined && throughputOf(last) <= throughputOf(before) * (1 + worthwhileGain))
    return 'gain';
  return (usersOf(last) ?? 0) >= maxUsers ? 'most users' : null;
};

const reasons: Readonly<Record<EndOfSweep, string>> = {
  gain: 'twice the users gained less than 5 %',
  'over-saturated': 'the waiting time kept rising',
  errors: 'more than 10 % of the requests failed',
  'most users': 'the most users allowed were reached',
};

/** Doubles the users until more of them bring nothing, then measures latency at 50, 70 and 90 % of the found rate. */
export const findLimit = defineProfile({
  name: 'find-limit',
  title: 'Find my limit',
  stages: 'several',
  description:
    'Doubles the users until the throughput gains less than 5 % or waiting keeps rising, then measures Poisson load at 50, 70 and 90 % of the rate found.',
  schema: z.strictObject({
    ...lengthParameters,
    maxUsers: z.number().int().min(1).max(1024).default(64).describe('users at most'),
    stepSeconds: z.number().positive().default(15).describe('length of a step with fixed users'),
    rateSeconds: z.number().positive().default(30).describe('length of a step at a fixed rate'),
    ...openParameters,
  }),
  clip: clipLengths,
  test: ({ maxUsers }) => `find-limit up to x${maxUsers}`,
  describe: ({ maxUsers, ...lengths }) =>
    `Users are doubled up to ${maxUsers} until throughput gains less than 5 %; then Poisson arrivals at 50, 70 and 90 % of the rate found; ${lengthsText(lengths)}.`,
  concurrency: ({ maxUsers, maxInFlight }) => Math.max(maxUsers, maxInFlight),
  tokensPerRequest: sumOfLengths,
  plan: (parameters, results, { seed }) => {
    const sweep = sweepOf(results);
    if (endOf(sweep, parameters.maxUsers) === null) {
      const users = Math.min(parameters.maxUsers, 2 ** sweep.length);
      return usersStage(users, parameters.stepSeconds, parameters);
    }
    const found = Math.max(...sweep.map(rateOf));
    const share = shares[results.length - sweep.length];
    if (share === undefined || found <= 0) return null;
    return rateStage({
      ratePerSecond: found * share,
      seconds: parameters.rateSeconds,
      rule: { arrival: 'poisson', burstiness: 1 },
      maxInFlight: parameters.maxInFlight,
      seed: seed + results.length,
      lengths: parameters,
      name: `${share * 100} % of the limit`,
    });
  },
  conclude: ({ maxUsers }, results) => {
    const sweep = sweepOf(results);
    const end = endOf(sweep, maxUsers);
    const best = sweep.toSorted((a, b) => rateOf(b) - rateOf(a))[0];
    if (end === null || best === undefined || rateOf(best) <= 0) return null;
    return `The limit is about ${formatFigure(rateOf(best))} requests per second (${formatFigure(throughputOf(best))} t/s, ${usersOf(best)} users): ${reasons[end]}.`;
  },
});
