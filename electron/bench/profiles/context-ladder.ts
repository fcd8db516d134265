import { z } from 'zod';
import { formatCount, formatFigure } from '../../../shared/units/format.ts';
import { clipLengths, lengthParameters, sumOfLengths, type Lengths } from './lengths.ts';
import { defineProfile, type StageResult } from './profile.ts';
import { depthName, usersStage } from './stages.ts';

interface LadderParameters extends Lengths {
  readonly firstDepth: number;
  readonly maxDepth: number;
}

/** Below this share of the speed at depth 0 longer contexts are of no use to anybody. */
const usefulShare = 0.2;

const depthOf = ({ load }: StageResult): number => (load.type === 'depth' ? load.tokens : 0);
const hasAnswers = ({ summary }: StageResult): boolean => summary.finished > 0;

const shareOfFirst = (result: StageResult, first: StageResult | undefined): number | null => {
  const base = first?.summary.decodeTps ?? null;
  const { decodeTps } = result.summary;
  return base === null || decodeTps === null ? null : decodeTps / base;
};

const nextDepth = (
  { firstDepth, maxDepth }: LadderParameters,
  results: readonly StageResult[],
): number | null => {
  const last = results.at(-1);
  if (last === undefined) return 0;
  if (!hasAnswers(last) || (shareOfFirst(last, results[0]) ?? 1) < usefulShare) return null;
  const depth = depthOf(last) === 0 ? firstDepth : depthOf(last) * 2;
  return depth > maxDepth ? null : depth;
};

/** The same question behind ever longer text: how speed falls and waiting grows with the context. */
export const contextLadder = defineProfile({
  name: 'context-ladder',
  title: 'Long context ladder',
  stages: 'several',
  description:
    'One user whose prompt doubles until it no longer fits or the answer comes at less than 20 % of its first speed.',
  schema: z.strictObject({
    ...lengthParameters,
    outputTokens: lengthParameters.outputTokens.default(32),
    firstDepth: z
      .number()
      .int()
      .min(16)
      .default(512)
      .describe('tokens before the question at the first step'),
    maxDepth: z.number().int().min(16).default(131_072).describe('tokens before the question at most'),
    requests: z
      .number()
      .int()
      .min(1)
      .default(6)
      .describe('requests per step; fewer than 6 have no median wait'),
  }),
  clip: (parameters, contextSize) => {
    const clipped = clipLengths(parameters, contextSize);
    return { ...clipped, maxDepth: Math.min(parameters.maxDepth, contextSize - sumOfLengths(clipped)) };
  },
  test: ({ maxDepth }) => `context-ladder to ${maxDepth}`,
  describe: ({ firstDepth, maxDepth, requests, outputTokens }) =>
    `One user; depth 0, then ${firstDepth} tokens, doubled up to ${maxDepth}; ${requests} requests of ${outputTokens} answer tokens each.`,
  concurrency: () => 1,
  tokensPerRequest: (parameters) => parameters.maxDepth + sumOfLengths(parameters),
  plan: (parameters, results) => {
    const depth = nextDepth(parameters, results);
    if (depth === null) return null;
    const { requests, outputTokens } = parameters;
    const lengths = { promptTokens: depth + parameters.promptTokens, outputTokens };
    return usersStage(1, 0, lengths, {
      name: depthName(depth),
      load: { type: 'depth', tokens: depth, users: 1 },
      atLeast: requests,
    });
  },
  conclude: (parameters, results) => {
    const last = results.at(-1);
    if (last === undefined || nextDepth(parameters, results) !== null) return null;
    const share = shareOfFirst(last, results[0]);
    if (!hasAnswers(last)) return `A depth of ${formatCount(depthOf(last))} tokens no longer fits.`;
    if (share === null) return `Measured up to a depth of ${formatCount(depthOf(last))} tokens.`;
    return `At a depth of ${formatCount(depthOf(last))} tokens decode runs at ${formatFigure(share * 100)} % of its speed at depth 0.`;
  },
});
