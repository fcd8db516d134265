import { z } from 'zod';
import type { EmbeddingCall } from '../call.ts';
import { factsOf, type ServedModel } from '../router/route-table.ts';
import { toEmbeddings } from './embedding-reply.ts';
import { unsupportedParameter } from '../parameters/parameter-error.ts';

const MAX_INPUTS = 2048;
const text = z.string().min(1);
const tokens = z.array(z.number().int().min(0).max(16_777_215)).min(1).max(1_048_576);

/** Body of `POST /v1/embeddings`. */
export const embeddingRequestSchema = z.strictObject({
  model: z.string().min(1).max(512).optional(),
  input: z.union([
    text,
    z.array(text).min(1).max(MAX_INPUTS),
    tokens,
    z.array(tokens).min(1).max(MAX_INPUTS),
  ]),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  dimensions: z.number().int().min(1).optional(),
  user: z.string().max(512).optional(),
});
export type EmbeddingRequest = z.infer<typeof embeddingRequestSchema>;

const isNumbers = (value: readonly unknown[]): value is readonly number[] => typeof value[0] === 'number';

/** @throws AppError `gateway.unsupported-parameter` for `dimensions` other than the model's own */
export const checkDimensions = (asked: number | undefined, model: ServedModel): void => {
  const length = factsOf(model)?.embeddingLength;
  if (asked === undefined || length === undefined || asked === length) return;
  throw unsupportedParameter(
    'dimensions',
    `This model gives ${length} dimensions and cannot be cut to ${asked}.`,
    `Leave dimensions out or send ${length}.`,
  );
};

/** @throws AppError `gateway.unsupported-parameter` for `dimensions` other than the model's own */
export const toEmbeddingCall = (request: EmbeddingRequest, model: ServedModel): EmbeddingCall => {
  checkDimensions(request.dimensions, model);
  const { input } = request;
  return {
    type: 'embedding',
    model,
    inputs: typeof input === 'string' || isNumbers(input) ? [input] : input,
    toReply: (result) => toEmbeddings({ model, encoding: request.encoding_format }, result),
  };
};
