import { z } from 'zod';
import { checksOf } from './check.ts';
import { errorSchema, read } from './schemas.ts';
import { must, parseJson } from './target.ts';

const list = z.object({ object: z.literal('list'), data: z.array(z.object({ id: z.string() })).min(1) });
const completion = z.object({
  object: z.literal('text_completion'),
  choices: z.array(z.object({ text: z.string(), finish_reason: z.string() })).min(1),
});
const embeddings = z.object({
  data: z.array(z.object({ index: z.number(), embedding: z.array(z.number()).min(1) })),
  usage: z.object({ prompt_tokens: z.number().positive() }),
});
const base64Embeddings = z.object({ data: z.array(z.object({ embedding: z.base64() })).min(1) });

export const modelChecks = checksOf('models', [
  ['list', 'lists its models', async (target) => void read(list, await target.json('/v1/models'))],
  [
    'get',
    'tells of one model',
    async (target) => {
      const model = read(
        z.object({ id: z.string(), object: z.literal('model') }),
        await target.json(`/v1/models/${encodeURIComponent(target.model)}`),
      );
      must(model.id === target.model, `told of ${model.id}`);
    },
  ],
]);

export const completionChecks = checksOf('completions', [
  [
    'text',
    'goes on with a text',
    async (target) => {
      const body = { model: target.model, prompt: 'Once there was', max_tokens: 4, temperature: 0 };
      read(completion, await target.json('/v1/completions', body));
    },
  ],
  [
    'embeddings',
    'embeds texts, as floats and as base64',
    async (target) => {
      const body = { model: target.model, input: ['a fox', 'a fox', 'perplexity'] };
      const { data } = read(embeddings, await target.json('/v1/embeddings', body));
      must(data.length === 3, `${data.length} vectors for 3 texts`);
      const first = JSON.stringify(data[0]?.embedding);
      must(first !== JSON.stringify(data[2]?.embedding), 'every text has the same vector');
      read(base64Embeddings, await target.json('/v1/embeddings', { ...body, encoding_format: 'base64' }));
    },
  ],
]);

const hello = [{ role: 'user', content: 'Say hello.' }];

export const errorChecks = checksOf('errors', [
  [
    'unknown-model',
    'refuses a model it does not serve with 404',
    async (target) => {
      const answer = await target.raw('/v1/chat/completions', {
        model: 'no-such-model-here',
        messages: hello,
        max_tokens: 2,
      });
      must(answer.status === 404, `${answer.status}`);
      read(errorSchema, parseJson(answer.text));
    },
  ],
  [
    'invalid-json',
    'refuses what is no JSON with 400',
    async (target) => {
      const answer = await target.raw('/v1/chat/completions', '{"model":');
      must(answer.status === 400, `${answer.status}`);
      read(errorSchema, parseJson(answer.text));
    },
  ],
  [
    'wrong-type',
    'refuses a value of a wrong type with 400, and names it',
    async (target) => {
      const body = { model: target.model, messages: hello, max_tokens: 2, temperature: 'hot' };
      const answer = await target.raw('/v1/chat/completions', body);
      must(answer.status === 400, `${answer.status}`);
      must(
        read(errorSchema, parseJson(answer.text)).error.message.includes('temperature'),
        answer.text.slice(0, 120),
      );
    },
  ],
  [
    'wrong-key',
    'refuses a wrong key with 401',
    async (target) => {
      const headers = { authorization: 'Bearer wrong', 'x-api-key': 'wrong' };
      const answer = await target.raw('/v1/models', undefined, headers);
      must(answer.status === 401, `${answer.status}`);
    },
  ],
  [
    'too-long',
    'refuses a prompt beyond the context with 400',
    async (target) => {
      const content = 'fox '.repeat(300_000);
      const answer = await target.raw('/v1/chat/completions', {
        model: target.model,
        messages: [{ role: 'user', content }],
        max_tokens: 2,
      });
      must(answer.status === 400 || answer.status === 413, `${answer.status}`);
    },
  ],
  [
    'request-id',
    'names every request in x-request-id',
    async (target) => {
      const { headers } = await target.raw('/v1/models');
      must((headers['x-request-id'] ?? '') !== '', 'no x-request-id');
    },
  ],
]);
