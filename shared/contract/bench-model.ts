import { z } from 'zod';
import { sha256Schema } from './common.ts';
import { engineFactsSchema } from './engine.ts';
import { tensorHistogramSchema } from './models.ts';

/** A model as a run measured it. */
export const benchModelSchema = z.object({
  modelId: z.string(),
  path: z.string(),
  name: z.string(),
  architecture: z.string(),
  quantization: z.string(),
  sizeBytes: z.number(),
  bitsPerWeight: z.number(),
  parameterCount: z.number(),
  sha256: sha256Schema.nullable(),
  tensorTypes: tensorHistogramSchema,
  templateSha256: sha256Schema.nullable(),
  /** Random weights, see `Model`. */
  isSynthetic: z.boolean().default(false),
  engine: engineFactsSchema.nullable(),
});
export type BenchModel = z.infer<typeof benchModelSchema>;
