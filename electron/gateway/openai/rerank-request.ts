import { z } from 'zod';
import type { RankCall } from '../call.ts';
import { unsupportedParameter } from '../parameters/parameter-error.ts';
import { factsOf, type ServedModel } from '../router/route-table.ts';
import { toPromptUsage } from './usage.ts';

/** Body of `POST /v1/rerank`, as Jina's and Cohere's clients send it. */
export const rerankSchema = z.strictObject({
  model: z.string().min(1).max(512).optional(),
  query: z.string().min(1),
  documents: z.array(z.string().min(1)).min(1).max(1024),
  top_n: z.number().int().min(1).optional(),
  return_documents: z.boolean().default(false),
});

/**
 * While the model loads, nobody knows how it ranks: the request waits, and the engine refuses it where it must.
 * @throws AppError `gateway.unsupported-parameter` for a model that is no reranker and makes no embeddings
 */
export const toRankCall = (request: z.infer<typeof rerankSchema>, model: ServedModel): RankCall => {
  const facts = factsOf(model);
  if (facts !== undefined && (facts.ranking ?? 'no') === 'no') {
    throw unsupportedParameter(
      'model',
      `${model.info.id} is no reranker and makes no embeddings.`,
      'Load a reranker or an embedding model.',
    );
  }
  const { query, documents } = request;
  return {
    type: 'rank',
    model,
    query,
    documents,
    toReply: ({ scores, promptTokens, timings, stats }) => ({
      object: 'list',
      model: model.info.id,
      results: scores
        .map((score, index) => ({
          index,
          relevance_score: score,
          ...(request.return_documents ? { document: { text: documents[index] ?? '' } } : {}),
        }))
        .toSorted((left, right) => right.relevance_score - left.relevance_score)
        .slice(0, request.top_n),
      usage: toPromptUsage(promptTokens),
      timings,
      stats,
    }),
  };
};
