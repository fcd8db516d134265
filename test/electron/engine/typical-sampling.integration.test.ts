import { afterAll, beforeAll, expect, it } from 'vitest';
import { join } from 'node:path';
import { z } from 'zod';
import type { EngineReplica, Sampling, TokenLogprob } from '../../../electron/engine/engine.ts';
import { modelShapes } from '../../../electron/models/synthesize/shapes.ts';
import { writeTinyModel } from '../../support/gguf-fixtures.ts';
import { answerOf, greedyRequest, openRealPool, type RealPool } from '../../support/real-pool.ts';

let world: RealPool;
let replica: EngineReplica;
beforeAll(async () => {
  world = await openRealPool();
  replica = await world.load();
});
afterAll(() => world[Symbol.asyncDispose]());

const topK = 12;
const ask = async (sampling: Partial<Sampling> = {}, more: Parameters<typeof greedyRequest>[1] = {}) => {
  const base = greedyRequest('Tell me about quantization.');
  return answerOf(replica, {
    ...base,
    maxTokens: 40,
    ...more,
    sampling: { ...base.sampling, topK, typicalP: 0.6, ...sampling },
  });
};

const logprobsOf = ({ events }: Awaited<ReturnType<typeof answerOf>>): readonly TokenLogprob[] =>
  events.flatMap((event) => (event.type === 'delta' ? (event.logprobs ?? []) : []));

/** The definition, sorted out from the model's own probabilities, best first; `top` is what top-k left. */
const typicalOf = ({ top }: TokenLogprob, typicalP: number): readonly string[] => {
  const sum = top.reduce((total, { logprob }) => total + Math.exp(logprob), 0);
  const shares = top.map(({ token, logprob }) => ({ token, share: Math.exp(logprob) / sum }));
  const entropy = -shares.reduce((total, { share }) => total + share * Math.log(share), 0);
  const nearest = shares.toSorted(
    (a, b) => Math.abs(-Math.log(a.share) - entropy) - Math.abs(-Math.log(b.share) - entropy),
  );
  let mass = 0;
  const kept = nearest.filter(({ share }) => {
    const isKept = mass <= typicalP;
    mass += share;
    return isKept;
  });
  return kept.toSorted((a, b) => b.share - a.share).map(({ token }) => token);
};

it('takes the likeliest of the typical tokens at temperature 0, token for token as defined', async () => {
  for (const typicalP of [0.05, 0.3, 0.9]) {
    const answer = await ask({ typicalP }, { logprobs: { top: topK }, ignoreEos: true });
    const steps = logprobsOf(answer);
    expect(steps.length).toBeGreaterThan(30);
    expect(steps.map(({ token }) => token)).toEqual(steps.map((step) => typicalOf(step, typicalP)[0]));
  }
});

it('draws typical tokens only, the same ones for a seed', async () => {
  const hot = { temperature: 1.5, typicalP: 0.3, seed: 11 };
  const logprobs = { logprobs: { top: topK }, ignoreEos: true };
  const answer = await ask(hot, logprobs);
  const steps = logprobsOf(answer);
  for (const step of steps) expect(typicalOf(step, 0.3)).toContain(step.token);
  expect((await ask(hot, logprobs)).content).toBe(answer.content);
  expect((await ask({ ...hot, seed: 12 }, logprobs)).content).not.toBe(answer.content);
});

it('follows a grammar, and goes on after each of its tokens', async () => {
  const schema = {
    type: 'object',
    properties: { name: { type: 'string', maxLength: 12 }, level: { type: 'integer' } },
    required: ['name', 'level'],
    additionalProperties: false,
  };
  for (const seed of [1, 2, 3]) {
    const { content } = await ask(
      { temperature: 1.5, typicalP: 0.4, topK: 0, seed },
      { maxTokens: 120, grammar: { type: 'json-schema', schema } },
    );
    expect(z.object({ name: z.string(), level: z.number().int() }).parse(JSON.parse(content))).toBeDefined();
  }
});

it('counts what it drew itself for the penalties, and keeps to a bias', async () => {
  const [banned = 0] = await replica.tokenize(' the');
  const loose = { temperature: 1, typicalP: 0.9, topK: 0, seed: 5 };
  const plain = await ask(loose, { ignoreEos: true });
  const biased = await ask({ ...loose, logitBias: { [banned]: -100 } }, { ignoreEos: true });
  expect(plain.content).toContain(' the');
  expect(biased.content).not.toContain(' the');
  // a penalty of 10 on the last token alone: nothing comes twice in a row, which typical draws of this model do
  const doubled = { temperature: 0, typicalP: 0.05, topK: 2, seed: 5 };
  const penal = { repeatPenalty: 10, repeatLastN: 64 };
  const tokensOf = async (text: string) => replica.tokenize(text);
  const free = await tokensOf((await ask(doubled, { ignoreEos: true })).content);
  const punished = await tokensOf((await ask({ ...doubled, ...penal }, { ignoreEos: true })).content);
  const repeats = (tokens: readonly number[]): number => tokens.length - new Set(tokens).size;
  expect(repeats(punished)).toBeLessThan(repeats(free));
});

it('draws the same of a large vocabulary, whether the likeliest tokens decide or not', async () => {
  const path = join(world.folder, 'wide.gguf');
  const vocabularySize = 9000; // above 8,192 the likeliest 1,024 are asked for first
  await writeTinyModel(path, { shape: { ...modelShapes.nano, vocabularySize } });
  await using wide = await world.load(path);
  const sure = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [300 + index * 7, 14 - index / 3]),
  );
  for (const logitBias of [{}, sure]) {
    const drawn = async (topK: number): Promise<string> => {
      const base = greedyRequest(
        { type: 'tokens', tokens: [300, 301, 302] },
        { maxTokens: 24, ignoreEos: true },
      );
      const sampling = { ...base.sampling, temperature: 1, typicalP: 0.7, seed: 3, logitBias, topK };
      return (await answerOf(wide, { ...base, sampling })).content;
    };
    // a top-k of all is ranked whole
    const whole = await drawn(vocabularySize);
    expect(whole.length).toBeGreaterThan(20);
    expect(await drawn(0)).toBe(whole);
  }
});
