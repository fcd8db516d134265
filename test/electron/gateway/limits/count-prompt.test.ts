import { describe, expect, it } from 'vitest';
import { boundPromptTokens, countPromptTokens } from '../../../../electron/gateway/limits/count-prompt.ts';
import type { Prompt } from '../../../../electron/engine/engine.ts';
import type { GenerationCall } from '../../../../electron/gateway/call.ts';
import { chatFormat } from '../../../../electron/gateway/openai/formats.ts';
import { createServedModel } from '../../../support/gateway-model.ts';
import { greedy } from '../../../support/greedy.ts';

const model = createServedModel();

// the scripted replica has a token for each letter; a model may set up to 4 marks around an input

it('counts the query with each document, as a reranker reads them', async () => {
  const asked = { type: 'rank', model, query: 'abc', documents: ['de', 'f'], toReply: () => null } as const;
  expect(await countPromptTokens(asked)).toBe(2 + 1 + 2 * (3 + 4));
});

it('counts query and documents once where it is their embeddings that are compared', async () => {
  const embeds = createServedModel({}, { ranking: 'embeddings' });
  const asked = {
    type: 'rank',
    model: embeds,
    query: 'abc',
    documents: ['de', 'f'],
    toReply: () => null,
  } as const;
  expect(await countPromptTokens(asked)).toBe(3 + 2 + 1 + 3 * 4);
});

it('counts every input of an embedding', async () => {
  const asked = { type: 'embedding', model, inputs: ['abc', [1, 2]], toReply: () => null } as const;
  expect(await countPromptTokens(asked)).toBe(3 + 2 + 2 * 4);
});

it('counts bytes, which are never fewer, while no engine is ready', async () => {
  const cold = { ...model, replicas: () => [] };
  const asked = { type: 'embedding', model: cold, inputs: ['日本'], toReply: () => null } as const;
  expect(await countPromptTokens(asked)).toBe(6 + 4);
});

describe('the most tokens a prompt can have, told without an engine', () => {
  const asking = (...prompts: readonly Prompt[]): GenerationCall => ({
    type: 'generation',
    model,
    choices: prompts.map((prompt, promptIndex) => ({
      request: {
        prompt,
        sampling: greedy,
        maxTokens: 1,
        stop: [],
        cachePrompt: true,
        ignoreEos: false,
      },
      promptIndex,
      allowsParallelToolCalls: true,
    })),
    isStream: false,
    format: chatFormat(false),
  });
  const message = { role: 'user', content: '日本' } as const;

  it('is one for each byte of all that is rendered, and some for the marks around each message', () => {
    const plain = boundPromptTokens(asking({ type: 'chat', messages: [message] })) ?? 0;
    expect(plain).toBeGreaterThanOrEqual(6 + 8);
    const twice = boundPromptTokens(asking({ type: 'chat', messages: [message, message] })) ?? 0;
    expect(twice - plain).toBeGreaterThanOrEqual(6 + 8 + JSON.stringify(message).length - 2);
    const tools = [{ name: 'find', description: 'x'.repeat(500) }];
    const variables = { documents: 'y'.repeat(300) };
    const whole = asking({ type: 'chat', messages: [message], tools, templateVariables: variables });
    expect((boundPromptTokens(whole) ?? 0) - plain).toBeGreaterThanOrEqual(800);
    const templated = {
      ...asking({ type: 'chat', messages: [message] }),
      model: createServedModel({ chatTemplate: 'z'.repeat(90) }),
    };
    expect((boundPromptTokens(templated) ?? 0) - plain).toBe(90);
    expect(boundPromptTokens(asking({ type: 'text', text: '日本' }))).toBe(6 + 4);
    expect(boundPromptTokens(asking({ type: 'tokens', tokens: [1, 2, 3] }))).toBe(3);
  });

  it('is unknown of several prompts, which would be more than the first', () => {
    expect(
      boundPromptTokens(asking({ type: 'text', text: 'a' }, { type: 'text', text: 'b' })),
    ).toBeUndefined();
  });
});
