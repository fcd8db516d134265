import { z } from 'zod';
import { formatCount, formatFigure } from '../../../shared/units/format.ts';
import { binomialVerdict } from '../stats/binomial-verdict.ts';
import { clipLengths, lengthParameters, lengthsText, sumOfLengths } from './lengths.ts';
import { openParameters } from './open-loop.ts';
import { defineProfile, type StageResult } from './profile.ts';
import { rateStage, usersStage } from './stages.ts';

interface SearchParameters {
  readonly by: 'users' | 'rate';
  readonly start: number;
  readonly most: number;
  readonly share: number;
  readonly tries: number;
}

/** Rates closer than this are not told apart. */
const rateResolution = 1.05;
/** Requests open on average below which they hardly meet each other, so that fewer of them cannot make any faster. */
const idleRequests = 0.05;

const levelOf = ({ load }: StageResult): number => (load.type === 'rate' ? load.perSecond : load.users);

interface Level {
  readonly level: number;
  readonly verdict: 'pass' | 'fail' | 'undecided';
  readonly tries: number;
  /** Requests open on average: rate × time, J. D. C. Little, Operations Research 9 (1961) 383; `null` for users. */
  readonly openRequests: number | null;
}

const openRequestsOf = ({ load, summary }: StageResult): number | null =>
  load.type !== 'rate' || summary.e2eMs.p50 === null ? null : (load.perSecond * summary.e2eMs.p50) / 1000;

/** Verdicts by level; the requests of a level that was tried more than once count together. */
const judge = (
  results: readonly StageResult[],
  { share, tries }: Pick<SearchParameters, 'share' | 'tries'>,
): readonly Level[] =>
  [...Map.groupBy(results, levelOf)].map(([level, own]) => {
    const good = own.reduce((sum, { summary }) => sum + (summary.goodput?.good ?? 0), 0);
    const attempted = own.reduce((sum, { summary }) => sum + summary.attempted, 0);
    const verdict = binomialVerdict(good, attempted, share, tries);
    const open = own.flatMap((result) => openRequestsOf(result) ?? []);
    return { level, verdict, tries: own.length, openRequests: open.length === 0 ? null : Math.max(...open) };
  });

const isOpen = (level: Level, { tries }: SearchParameters): boolean =>
  level.verdict === 'undecided' && level.tries < tries;
const hasPassed = (level: Level): boolean => level.verdict === 'pass';

/** Whether no lower rate is worth a try: the server was as good as idle, or the search has gone down far enough. */
const isLowest = (levels: readonly Level[], failed: number, { start }: SearchParameters): boolean => {
  const openRequests = levels.find(({ level }) => level === failed)?.openRequests ?? null;
  return failed <= start / 64 || (openRequests !== null && openRequests < idleRequests);
};

/** The level to try next: double while all pass, halve the bracket after, until it cannot be told apart. */
const nextLevel = (levels: readonly Level[], parameters: SearchParameters): number | null => {
  const open = levels.find((level) => isOpen(level, parameters));
  if (open !== undefined) return open.level;
  const passed = Math.max(0, ...levels.filter(hasPassed).map(({ level }) => level));
  const failed = Math.min(Infinity, ...levels.filter((level) => !hasPassed(level)).map(({ level }) => level));
  if (levels.length === 0) return parameters.start;
  if (failed === Infinity) return passed >= parameters.most ? null : Math.min(parameters.most, passed * 2);
  if (parameters.by === 'users') return failed - passed <= 1 ? null : Math.floor((passed + failed) / 2);
  if (passed === 0) return isLowest(levels, failed, parameters) ? null : failed / 2;
  return failed / passed <= rateResolution ? null : Math.sqrt(passed * failed);
};

/** The largest load at which the asked share of requests keeps the service level, by bisection. */
export const sloSearch = defineProfile({
  name: 'slo-search',
  title: 'SLO search',
  stages: 'several',
  description:
    'Bisects the number of users or the rate for the largest load at which the asked share of requests keeps the service level; a level passes only when chance cannot explain it.',
  schema: z.strictObject({
    ...lengthParameters,
    by: z.enum(['users', 'rate']).default('users').describe('what is searched'),
    start: z.number().positive().default(1).describe('first level'),
    most: z.number().positive().max(10_000).default(64).describe('largest level'),
    share: z
      .number()
      .min(0.5)
      .max(0.999)
      .default(0.9)
      .describe('share of the requests that must keep the level'),
    requests: z
      .number()
      .int()
      .min(1)
      .default(60)
      .describe('requests per try; with two tries 36 that are all good pass at 0.9, 72 at 0.95'),
    tries: z.number().int().min(1).max(10).default(2).describe('tries of a level that chance leaves open'),
    ...openParameters,
  }),
  clip: (parameters, contextSize) =>
    clipLengths(
      {
        ...parameters,
        ...(parameters.by === 'users' && {
          start: Math.max(1, Math.round(parameters.start)),
          most: Math.max(1, Math.round(parameters.most)),
        }),
      },
      contextSize,
    ),
  test: ({ by, share }) => `slo-search ${by} ${share * 100} %`,
  describe: ({ by, share, ...lengths }) =>
    `Searches the most ${by === 'users' ? 'users' : 'requests per second'} at which ${share * 100} % of the requests keep the service level; ${lengthsText(lengths)}.`,
  concurrency: ({ by, most, maxInFlight }) => (by === 'users' ? most : maxInFlight),
  tokensPerRequest: sumOfLengths,
  plan: (parameters, results, { seed }) => {
    const level = nextLevel(judge(results, parameters), parameters);
    if (level === null) return null;
    const attempt = results.length + 1;
    if (parameters.by === 'users') {
      const atLeast = Math.ceil(parameters.requests / level);
      return usersStage(level, 0, parameters, { name: `${attempt}: x${level}`, atLeast });
    }
    return rateStage({
      ratePerSecond: level,
      seconds: parameters.requests / level,
      rule: { arrival: 'poisson', burstiness: 1 },
      maxInFlight: parameters.maxInFlight,
      seed: seed + results.length,
      lengths: parameters,
      name: `${attempt}: ${formatFigure(level)}/s`,
    });
  },
  conclude: (parameters, results) => {
    const levels = judge(results, parameters);
    if (levels.length === 0 || nextLevel(levels, parameters) !== null) return null;
    const passed = Math.max(0, ...levels.filter(hasPassed).map(({ level }) => level));
    const load =
      parameters.by === 'users'
        ? `${formatCount(passed)} ${passed === 1 ? 'user' : 'users'}`
        : `${formatFigure(passed)} requests per second`;
    return passed === 0
      ? `No load that was tried kept the service level for ${parameters.share * 100} % of the requests.`
      : `Up to ${load}, ${parameters.share * 100} % of the requests keep the service level (binomial test, 95 %).`;
  },
});
