import { describe, expect, it } from 'vitest';
import { createPromptSource } from '../../../../electron/bench/measure/prompts.ts';
import { createFakeReplica } from '../../../support/fake-engine.ts';

const corpus = 'The river was wide, and nobody had crossed it before the bear came by. '.repeat(40);

describe('a built prompt', () => {
  it.each(['chat', 'completion'] as const)('has exactly the asked length on the %s route', async (route) => {
    const replica = createFakeReplica();
    const source = await createPromptSource(replica, { corpus, route });
    for (const tokens of [32, 128, 500]) {
      const prompt = await source.build(tokens, { seed: 1, ordinal: 3 });
      const counted =
        route === 'chat'
          ? (await replica.renderChat({ type: 'chat', messages: [{ role: 'user', content: prompt.text }] }))
              .tokens
          : (await replica.tokenize(prompt.text)).length;
      expect([prompt.tokens, counted]).toEqual([tokens, tokens]);
    }
  });

  it('has the length with what stands before it, which a second one may begin with as well', async () => {
    const replica = createFakeReplica();
    const source = await createPromptSource(replica, { corpus, route: 'chat' });
    const beginning = await source.piece(100, { seed: 5, ordinal: 0 });
    expect(await replica.tokenize(beginning)).toHaveLength(100);
    const own = await Promise.all(
      [1, 2].map((ordinal) => source.build(160, { seed: 1, ordinal }, beginning)),
    );
    const counted = await Promise.all(
      own.map(({ text }) =>
        replica.renderChat({ type: 'chat', messages: [{ role: 'user', content: beginning + text }] }),
      ),
    );
    expect(counted.map(({ tokens }) => tokens)).toEqual([160, 160]);
    expect(own[0]?.text).not.toBe(own[1]?.text);
  });

  it('is rather shorter than longer where the vocabulary does not allow the length', async () => {
    const replica = createFakeReplica();
    // every text counts as a multiple of three
    const tokenize = async (text: string) => {
      const tokens = await replica.tokenize(text);
      return [...tokens, ...tokens.slice(0, (3 - (tokens.length % 3)) % 3)];
    };
    const source = await createPromptSource({ ...replica, tokenize }, { corpus, route: 'completion' });
    for (const wanted of [100, 101, 103, 104]) {
      const { tokens } = await source.build(wanted, { seed: 1, ordinal: wanted });
      expect(tokens).toBe(wanted - (wanted % 3));
    }
  });

  it('differs from every other in its first characters, and repeats with the seed', async () => {
    const replica = createFakeReplica();
    const source = await createPromptSource(replica, { corpus, route: 'chat' });
    const again = await createPromptSource(replica, { corpus, route: 'chat' });
    const prompts = await Promise.all(
      Array.from({ length: 50 }, (_, ordinal) => source.build(64, { seed: 1, ordinal })),
    );
    expect(new Set(prompts.map((prompt) => prompt.text.slice(0, 8))).size).toBe(50);
    expect(await again.build(64, { seed: 1, ordinal: 7 })).toEqual(prompts[7]);
    expect((await source.build(64, { seed: 2, ordinal: 7 })).text).not.toBe(prompts[7]?.text);
  });
});
