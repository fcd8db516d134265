import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { arrayOf, uint32 } from '../../../electron/models/gguf/metadata.ts';
import { statsSchema, timingsSchema } from '../../../electron/gateway/generation/report-schemas.ts';
import { usageSchema } from '../../../electron/gateway/openai/reply-schemas.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { openRealPool } from '../../support/real-pool.ts';
import type { UsageEntry } from '../../../shared/contract/usage.ts';
import { writeTinyModel } from '../../support/gguf-fixtures.ts';
import { tensorTypes } from '../../../electron/models/gguf/tensor-types.ts';
import { modelShapes } from '../../../electron/models/synthesize/shapes.ts';

/** What makes a reranker of a model in llama.cpp: pooling type 4, two labels, and the matrix of their logits. */
const head = (embeddingLength: number) =>
  ({
    name: 'cls.output.weight',
    shape: [embeddingLength, 2],
    type: tensorTypes[0],
    distribution: { type: 'normal', std: 0.2 },
  }) as const;

const rerankedSchema = z.strictObject({
  object: z.literal('list'),
  model: z.string(),
  results: z.array(
    z.strictObject({
      index: z.number().int(),
      relevance_score: z.number().gte(-1).lte(1),
      document: z.strictObject({ text: z.string() }).optional(),
    }),
  ),
  usage: usageSchema,
  timings: timingsSchema,
  stats: statsSchema,
});

it('ranks documents with a real reranker on real llama.cpp, best first', async () => {
  await using engines = await openRealPool();
  const shape = modelShapes['tiny-qwen3'];
  const path = join(engines.folder, 'reranker.gguf');
  await writeTinyModel(path, {
    shape: 'tiny-qwen3',
    extraTensors: [head(shape.embeddingLength)],
    overrideKeys: {
      'qwen3.pooling_type': uint32(4),
      'qwen3.classifier.output_labels': arrayOf('string', ['yes', 'no']),
    },
  });
  const replica = await engines.load(path);
  expect(replica.facts().ranking).toBe('cross-encoder');
  await using server = await openGateway(replica);
  const ask = { query: 'a fox', documents: ['The fox runs.', 'Perplexity is a number.', 'The sea.'] };
  const rank = async (body: object) => {
    const reply = await server.fetch('/v1/rerank', { ...ask, ...body });
    expect(reply.headers.get('x-dyno-warning')).toBeNull();
    return rerankedSchema.parse(await reply.json());
  };
  const { results, usage } = await rank({ return_documents: true });
  expect(results.every(({ relevance_score: score }) => score > 0 && score < 1)).toBe(true);
  expect(results.map(({ index }) => index).toSorted()).toEqual([0, 1, 2]);
  expect(results.map(({ document, index }) => document?.text === ask.documents[index])).toEqual([
    true,
    true,
    true,
  ]);
  const scores = results.map(({ relevance_score: score }) => score);
  expect(scores).toEqual(scores.toSorted((left, right) => right - left));
  expect(new Set(scores).size).toBe(3);
  expect(usage.prompt_tokens).toBe(usage.total_tokens);
  const best = await rank({ top_n: 1, documents: ask.documents.toReversed() });
  expect(best.results).toEqual([{ index: 2 - (results[0]?.index ?? 0), relevance_score: scores[0] }]);
  const long = await server.fetch('/v1/rerank', { query: 'a', documents: ['fox '.repeat(3000)] });
  expect([long.status, await long.json()]).toMatchObject([
    400,
    { error: { code: 'context_length_exceeded' } },
  ]);
});

const embeddedSchema = z.object({
  data: z.array(z.object({ embedding: z.array(z.number()) })),
  usage: usageSchema,
});

it('ranks by embeddings with a model that is no reranker, says so, and reads every text once', async () => {
  await using engines = await openRealPool();
  const replica = await engines.load();
  const rows: UsageEntry[] = [];
  await using server = await openGateway(replica, { ledger: (row) => rows.push(row) });
  const query = 'What does the fox eat?';
  const documents = ['The fox eats berries.', 'Perplexity is a number.', 'The fox eats berries.'];
  const reply = await server.fetch('/v1/rerank', { query, documents });
  expect(reply.headers.get('x-dyno-warning')).toMatch(/no reranker.*cosine similarity \(-1 to 1\)/u);
  const { results, usage } = rerankedSchema.parse(await reply.json());

  const embedded = await server.fetch('/v1/embeddings', { input: [query, ...documents] });
  const { data, usage: embeddedUsage } = embeddedSchema.parse(await embedded.json());
  const [asked, ...others] = data.map(({ embedding }) => embedding);
  const cosines = others.map((vector) =>
    vector.reduce((sum, value, at) => sum + value * (asked?.[at] ?? 0), 0),
  );
  for (const { index, relevance_score: score } of results)
    expect(score).toBeCloseTo(cosines[index] ?? NaN, 6);
  expect(results.map(({ relevance_score: score }) => score)).toEqual(
    results.map(({ relevance_score: score }) => score).toSorted((left, right) => right - left),
  );
  expect(new Set(cosines.map((each) => each.toFixed(6))).size).toBe(2);
  expect(usage).toEqual(embeddedUsage);
  expect(usage).toMatchObject({ completion_tokens: 0, total_tokens: usage.prompt_tokens });
  const likewise = await server.fetch('/api/embed', { model: 'demo', input: [query, ...documents] });
  expect(await likewise.json()).toMatchObject({ prompt_eval_count: usage.prompt_tokens, usage });
  expect(rows[0]).toMatchObject({ promptTokens: usage.prompt_tokens, outputTokens: 0 });
  const models = await server.fetch('/v1/models');
  expect(await models.json()).toMatchObject({ data: [{ ranking: 'embeddings' }] });
});
