import { z } from 'zod';
import { sha256Schema } from './common.ts';
import { engineFactsSchema } from './engine.ts';
import { engineSettingsPatchSchema, tensorHistogramSchema } from './models.ts';

/** A model of the library under settings of its own, or once more under the same ones. */
export const variantSchema = z.object({
  /** Id in the library. */
  of: z.string(),
  /** `threads 1`, `again`. */
  label: z.string(),
  /** On top of the run's settings. */
  settings: engineSettingsPatchSchema,
});

/** A model as a run measured it. */
export const benchModelSchema = z.object({
  /** Unique within the run: the library's id, or of a variant that id with its label. */
  modelId: z.string(),
  variant: variantSchema.nullable().default(null),
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
