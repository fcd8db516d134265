import type { EmbeddingResult } from '../call.ts';
import type { ServedModel } from '../router/route-table.ts';
import type { Embeddings } from './reply-schemas.ts';
import { toPromptUsage } from './usage.ts';

/** Little-endian 32-bit floats in base64, whatever the byte order of this machine. */
const toBase64 = (vector: readonly number[]): string => {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes.toString('base64');
};

/** The body of an embeddings reply, vectors in the encoding that was asked for. */
export const toEmbeddings = (
  call: { readonly model: ServedModel; readonly encoding: 'float' | 'base64' },
  result: EmbeddingResult,
): Embeddings => ({
  object: 'list',
  model: call.model.info.id,
  data: result.vectors.map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: call.encoding === 'float' ? [...vector] : toBase64(vector),
  })),
  usage: toPromptUsage(result.promptTokens),
  timings: result.timings,
  stats: result.stats,
});
