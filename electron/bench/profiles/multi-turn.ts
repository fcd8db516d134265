import { z } from 'zod';
import { createSeededRandom } from '../stats/seeded-random.ts';
import { defineProfile, type PlannedRequest } from './profile.ts';

interface ChatParameters {
  readonly users: number;
  readonly conversations: number;
  readonly turns: number;
  readonly systemTokens: number;
  readonly userTokens: number;
  readonly outputTokens: number;
  readonly thinkSeconds: number;
  readonly think: 'fixed' | 'exponential';
}

/** Tokens of the longest request: everything said before its last answer, and that answer. */
const longest = ({ systemTokens, userTokens, outputTokens, turns }: ChatParameters): number =>
  systemTokens + turns * (userTokens + outputTokens);

/** Every user's conversations, turn after turn. The first turn of a user begins at once; pauses are seeded. */
const conversationsOf = (parameters: ChatParameters, seed: number): readonly PlannedRequest[] => {
  const random = createSeededRandom(seed);
  const { users, conversations, turns, userTokens, outputTokens, systemTokens, thinkSeconds, think } =
    parameters;
  return Array.from({ length: conversations * turns * users }, (_, index) => {
    const stream = index % users;
    const turn = Math.floor(index / users) % turns;
    const factor = think === 'fixed' ? 1 : -Math.log(1 - random());
    return {
      index,
      stream,
      promptTokens: userTokens,
      outputTokens,
      turn,
      systemTokens,
      thinkMs: index < users ? 0 : thinkSeconds * 1000 * factor,
    };
  });
};

/** People who talk: a system prompt they all share, a history that grows with every answer, and time to think. */
export const multiTurn = defineProfile({
  name: 'multi-turn',
  title: 'Multi-turn chat',
  description:
    'Users who hold conversations: a shared system prompt, a history that grows with the real answers, and think time between turns.',
  schema: z.strictObject({
    users: z.number().int().min(1).max(1024).default(4).describe('users at the same time'),
    conversations: z.number().int().min(1).default(1).describe('conversations per user, one after the other'),
    turns: z.number().int().min(1).max(200).default(4).describe('turns of a conversation'),
    systemTokens: z.number().int().min(0).default(64).describe('length of the system prompt all users share'),
    userTokens: z.number().int().min(8).default(32).describe('length of a user’s turn'),
    outputTokens: z.number().int().min(2).default(64).describe('length of an answer'),
    thinkSeconds: z.number().min(0).default(1).describe('mean pause before the next turn'),
    think: z.enum(['fixed', 'exponential']).default('exponential').describe('how pauses are spread'),
  }),
  clip: (parameters, contextSize) => {
    const perTurn = parameters.userTokens + parameters.outputTokens;
    const systemTokens = Math.min(parameters.systemTokens, Math.max(0, contextSize - perTurn));
    const turns = Math.max(1, Math.min(parameters.turns, Math.floor((contextSize - systemTokens) / perTurn)));
    return { ...parameters, systemTokens, turns };
  },
  test: ({ users, turns }) => `multi-turn x${users}, ${turns} turns`,
  describe: ({ users, turns, systemTokens, userTokens, outputTokens, thinkSeconds }) =>
    `${users} users with conversations of ${turns} turns; system prompt of ${systemTokens} tokens; ${userTokens} tokens in, ${outputTokens} out per turn; ${thinkSeconds} s to think.`,
  concurrency: ({ users }) => users,
  tokensPerRequest: longest,
  plan: (parameters, results, { seed }) =>
    results.length > 0
      ? null
      : {
          name: `x${parameters.users}`,
          load: { type: 'users', users: parameters.users },
          pacing: {
            type: 'closed',
            atLeast: parameters.conversations * parameters.turns,
            minimumMs: 0,
            repeats: false,
          },
          requests: conversationsOf(parameters, seed),
          reusesPrompts: true,
        },
});
