import { z } from 'zod';
import { createSeededRandom } from '../stats/seeded-random.ts';
import { defineProfile } from './profile.ts';

/** Every group `perGroup` times, in an order that mixes them: Fisher and Yates, seeded. */
const mixedGroups = (groups: number, perGroup: number, seed: number): readonly number[] => {
  const random = createSeededRandom(seed);
  const order = Array.from({ length: groups * perGroup }, (_, index) => index % groups);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
};

/** Groups of requests that begin alike, as with few system prompts or documents: what a prefix cache is worth. */
export const sharedPrefix = defineProfile({
  name: 'shared-prefix',
  title: 'Shared prefixes',
  description: 'Groups of requests that begin with the same text and end differently, mixed among the users.',
  schema: z.strictObject({
    groups: z.number().int().min(1).max(1000).default(4).describe('different beginnings'),
    perGroup: z.number().int().min(1).default(8).describe('requests of each group'),
    prefixTokens: z.number().int().min(8).default(256).describe('length of the shared beginning'),
    uniqueTokens: z.number().int().min(8).default(64).describe('length of what follows it'),
    outputTokens: z.number().int().min(2).default(64).describe('answer tokens per request'),
    users: z.number().int().min(1).max(1024).default(4).describe('users at the same time'),
  }),
  clip: (parameters, contextSize) => ({
    ...parameters,
    prefixTokens: Math.max(
      8,
      Math.min(parameters.prefixTokens, contextSize - parameters.uniqueTokens - parameters.outputTokens),
    ),
  }),
  test: ({ groups, prefixTokens }) => `shared-prefix ${groups} x ${prefixTokens}`,
  describe: ({ groups, perGroup, prefixTokens, uniqueTokens, outputTokens, users }) =>
    `${groups} beginnings of ${prefixTokens} tokens, ${perGroup} requests each, ${uniqueTokens} tokens of their own, ${outputTokens} answer tokens; ${users} users.`,
  concurrency: ({ users }) => users,
  tokensPerRequest: ({ prefixTokens, uniqueTokens, outputTokens }) =>
    prefixTokens + uniqueTokens + outputTokens,
  plan: ({ groups, perGroup, prefixTokens, uniqueTokens, outputTokens, users }, results, { seed }) => {
    if (results.length > 0) return null;
    return {
      name: `x${users}`,
      load: { type: 'users', users },
      pacing: { type: 'closed', atLeast: groups * perGroup, minimumMs: 0, repeats: false },
      requests: mixedGroups(groups, perGroup, seed).map((group, index) => ({
        index,
        stream: index % users,
        promptTokens: prefixTokens + uniqueTokens,
        outputTokens,
        prefix: [{ group, tokens: prefixTokens }],
      })),
      reusesPrompts: true,
    };
  },
});
