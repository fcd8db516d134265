import { expect, it } from 'vitest';
import { countPromptTokens } from '../../../../electron/gateway/limits/count-prompt.ts';
import { createServedModel } from '../../../support/gateway-model.ts';

const model = createServedModel();

// the scripted replica has a token for each letter; a model may set up to 4 marks around an input

it('counts the query with each document, as a reranker reads them', async () => {
  const asked = { type: 'rank', model, query: 'abc', documents: ['de', 'f'], toReply: () => null } as const;
  expect(await countPromptTokens(asked)).toBe(2 + 1 + 2 * (3 + 4));
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
