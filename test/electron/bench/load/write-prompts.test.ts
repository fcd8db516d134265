import { describe, expect, it } from 'vitest';
import { createConversations } from '../../../../electron/bench/driver/conversations.ts';
import { createEstimatedPrompts, scaleOf } from '../../../../electron/bench/load/estimated-prompts.ts';
import { writePrompts, type PromptMaterial } from '../../../../electron/bench/load/write-prompts.ts';
import { profileNamed } from '../../../../electron/bench/profiles/list.ts';
import { firstStage } from '../../../support/drive-profile.ts';

/** A source that writes down what it was asked for. */
const built: PromptMaterial = {
  type: 'built',
  isExact: true,
  source: {
    build: (tokens, { seed, ordinal }, beginning = '') =>
      Promise.resolve({ text: `[${beginning && 'to '}${tokens} ${seed} ${ordinal}]`, tokens }),
    piece: (tokens, { seed, ordinal }) => Promise.resolve(`[piece ${tokens} ${seed} ${ordinal}]`),
  },
};
const options = { seed: 2, signal: new AbortController().signal };
const written = (name: string, parameters: object, material: PromptMaterial = built) =>
  writePrompts(firstStage(profileNamed(name).bind(parameters, 4096)).requests, material, options);
const wordsOf = async (name: string, parameters: object, material: PromptMaterial = built) => {
  const { requests, texts } = await written(name, parameters, material);
  const conversations = createConversations(texts, requests.length);
  return requests.map((request) => {
    const messages = conversations.messagesFor(request);
    conversations.heard(request, messages, `answer ${request.index}`);
    return messages.map((message) => message.content);
  });
};

describe('the words of a stage', () => {
  it('are a prompt of its own for every request, with the length that was counted', async () => {
    const { texts, builtTokens } = await written('closed-loop', { concurrency: 2, requests: 1 });
    expect(new Set(texts).size).toBe(32);
    expect(builtTokens.get(5)).toBe(128);
  });

  it('are used again behind a head of their own when a stage is long', async () => {
    const words = await wordsOf('open-loop', { ratePerSecond: 10, durationSeconds: 30 });
    expect(words).toHaveLength(300);
    expect(new Set(words.flat()).size).toBe(300);
    expect(words[256]).toEqual(['1 [128 6 0]']);
  });

  it('begin alike within a group and differ after', async () => {
    const words = (await wordsOf('shared-prefix', { groups: 2, perGroup: 2 })).flat();
    expect(new Set(words.map((text) => text.slice(0, 15)))).toEqual(
      new Set(['[piece 256 7 0]', '[piece 256 7 1]']),
    );
    expect(words[3]).toContain('][to 320 6 3]'); // the whole prompt has the length, not its parts
    expect(new Set(words).size).toBe(4);
  });

  it('of a group never come twice, also where there are more requests than texts', async () => {
    const words = (await wordsOf('shared-prefix', { groups: 2, perGroup: 300 })).flat();
    expect(new Set(words).size).toBe(600);
    expect(new Set(words.map((text) => text.slice(0, 15))).size).toBe(2);
  });

  it('follow the blocks of a trace, so that prompts share as much as they did when it was recorded', async () => {
    const prefixOf = (...groups: number[]) => groups.map((group) => ({ group, tokens: 512 }));
    const entry = { atMs: 0, promptTokens: 2000, outputTokens: 4 };
    const trace = [
      { ...entry, prefix: prefixOf(0, 1) },
      { ...entry, prefix: prefixOf(0) },
    ];
    const bound = profileNamed('trace-replay').bind({ trace: 'a' }, 4096, { trace });
    const { requests, texts, builtTokens } = await writePrompts(firstStage(bound).requests, built, options);
    expect(
      requests.map(({ prefixTexts = [], text }) => [...prefixTexts, text].map((at) => texts[at])),
    ).toEqual([
      ['[piece 512 7 0]', '[piece 512 7 1]', '[to 2000 6 0]'],
      ['[piece 512 7 0]', '[to 2000 6 1]'],
    ]);
    expect([...builtTokens.values()]).toEqual([2000, 2000]);
  });

  it('shorten what is shared where nothing else leaves room for words of their own', async () => {
    const cramped: PromptMaterial = {
      type: 'built',
      isExact: true,
      source: {
        // 30 tokens of template and head, whatever was asked for
        build: (tokens, _key, beginning = '') =>
          Promise.resolve({ text: '!', tokens: Math.max(tokens, beginning.length + 30) }),
        piece: (tokens) => Promise.resolve('p'.repeat(tokens)),
      },
    };
    const prefix = [0, 1].map((group) => ({ group, tokens: 20 }));
    const trace = [{ atMs: 0, promptTokens: 60, outputTokens: 4, prefix }];
    const bound = profileNamed('trace-replay').bind({ trace: 'a' }, 4096, { trace });
    const { requests, texts, builtTokens } = await writePrompts(firstStage(bound).requests, cramped, options);
    expect(requests[0]?.prefixTexts?.map((at) => texts[at]?.length)).toEqual([20, 10]);
    expect(builtTokens.get(0)).toBe(60);
  });

  it('grow with every turn of a conversation, behind one system prompt', async () => {
    const words = await wordsOf('multi-turn', { users: 1, turns: 2, systemTokens: 50 });
    expect(words).toEqual([
      ['[50 8 0]', '[32 6 0]'],
      ['[50 8 0]', '[32 6 0]', 'answer 0', '[32 6 1]'],
    ]);
  });

  it('come from a file in its order, again and again, turn by turn in a chat', async () => {
    const file: PromptMaterial = { type: 'file', prompts: [{ turns: ['a', 'b'] }, { turns: ['c'] }] };
    const plain = await wordsOf('open-loop', { ratePerSecond: 1, durationSeconds: 3 }, file);
    expect(plain).toEqual([['a'], ['c'], ['a']]);
    const chat = await wordsOf('multi-turn', { users: 1, turns: 3, systemTokens: 0 }, file);
    expect(chat.at(-1)).toEqual(['a', 'answer 0', 'b', 'answer 1', 'a']);
  });
});

describe('estimated prompts', () => {
  it('scale by what the server counted', () => {
    const scale = scaleOf({ characters: 20, tokens: 14 }, { characters: 2020, tokens: 414 });
    expect(scale).toEqual({ charactersPerToken: 5, overheadTokens: 10 });
    expect(scaleOf({ characters: 20, tokens: 9 }, { characters: 2020, tokens: 9 })).toEqual({
      charactersPerToken: 4,
      overheadTokens: 8,
    });
  });

  it('have about the wished length and differ from their first word on', async () => {
    const source = createEstimatedPrompts('word '.repeat(500), { charactersPerToken: 5, overheadTokens: 10 });
    const texts = await Promise.all([0, 1].map((ordinal) => source.build(1000, { seed: 1, ordinal })));
    for (const { text } of texts) expect(Math.abs(text.length - 4950)).toBeLessThan(10);
    const piece = await source.piece(400, { seed: 1, ordinal: 0 });
    const rest = await source.build(1000, { seed: 1, ordinal: 0 }, piece);
    expect(Math.abs(piece.length - 2000)).toBeLessThan(10);
    expect(Math.abs(piece.length + rest.text.length - 4950)).toBeLessThan(20);
    expect(texts[0]?.text.slice(0, 8)).not.toBe(texts[1]?.text.slice(0, 8));
  });
});
