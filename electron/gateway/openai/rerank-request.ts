import { z } from 'zod';
import { unsupportedParameter } from '../parameters/parameter-error.ts';
import type { ServedModel } from '../router/route-table.ts';

/** Body of `POST /v1/rerank`, as Jina's and Cohere's clients send it. */
export const rerankSchema = z.strictObject({
  model: z.string().min(1).max(512).optional(),
  query: z.string().min(1),
  documents: z.array(z.string()).min(1).max(2048),
  top_n: z.number().int().min(1).optional(),
  return_documents: z.boolean().optional(),
});

/** The engine runs no rerankers: said by name instead of ranking by something else. */
export const refuseRerank = ({ info }: ServedModel): never => {
  throw unsupportedParameter(
    'model',
    `${info.id} is no reranker.`,
    'Embed query and documents with POST /v1/embeddings and compare their vectors.',
  );
};
