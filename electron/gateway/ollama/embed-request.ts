import { z } from 'zod';
import type { EmbeddingCall } from '../call.ts';
import { checkDimensions } from '../openai/embedding-request.ts';
import { toPromptUsage } from '../openai/usage.ts';
import { optionalOrNull } from '../parameters/optional-or-null.ts';
import type { ServedModel } from '../router/route-table.ts';
import { keepAlive, keepAliveWarning } from './generation-request.ts';

/** Body of `POST /api/embed`. */
export const ollamaEmbedSchema = z.strictObject({
  model: z.string().min(1).max(512),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2048)]),
  truncate: optionalOrNull(z.boolean()),
  dimensions: optionalOrNull(z.number().int().min(1)),
  keep_alive: keepAlive,
});

/** @throws AppError `gateway.unsupported-parameter` for `dimensions` other than the model's own */
export const toOllamaEmbed = (
  request: z.infer<typeof ollamaEmbedSchema>,
  model: ServedModel,
): EmbeddingCall => {
  checkDimensions(request.dimensions, model);
  return {
    type: 'embedding',
    model,
    inputs: typeof request.input === 'string' ? [request.input] : request.input,
    toReply: ({ vectors, promptTokens, totalMs, timings, stats }) => ({
      model: request.model,
      embeddings: vectors,
      total_duration: Math.round(totalMs * 1e6),
      load_duration: 0,
      prompt_eval_count: promptTokens,
      usage: toPromptUsage(promptTokens),
      timings,
      stats,
    }),
    warnings: [
      ...keepAliveWarning(request.keep_alive),
      ...(request.truncate === true
        ? ['truncate is not done: input beyond the context is refused instead.']
        : []),
    ],
  };
};
