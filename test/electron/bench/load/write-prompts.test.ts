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
    build: (tokens, { seed, ordinal }) => Promise.resolve({ text: `[${tokens} ${seed} ${ordinal}]`, tokens }),
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
    const { requests, texts } = await written('shared-prefix', { groups: 2, perGroup: 2 });
    const prefixes = requests.map((request) => texts[request.prefixText ?? -1]);
    expect(new Set(prefixes)).toEqual(new Set(['[256 7 0]', '[256 7 1]']));
    expect(new Set(requests.map((request) => texts[request.text])).size).toBe(4);
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
    expect(texts[0]?.text.slice(0, 8)).not.toBe(texts[1]?.text.slice(0, 8));
  });
});
