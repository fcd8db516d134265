import { z } from 'zod';
import { tensorHistogramSchema } from './models.ts';

/** A model by its dimensions alone, as its authors published them. */
export const synthShapeSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** Repository on the hub whose config.json holds the dimensions. */
  source: z.string(),
  architecture: z.string(),
  parameterCount: z.number(),
  /** Weights one token is multiplied with; fewer than all in a mixture of experts. */
  activeParameterCount: z.number(),
  isMixture: z.boolean(),
  layerCount: z.number().int(),
  contextLength: z.number().int(),
  /** Of the file in Q4_K_M, bytes. */
  sizeBytes: z.number(),
});
export type SynthShape = z.infer<typeof synthShapeSchema>;

export const synthInputSchema = z.object({
  /** A shape (`llama-3.1-8b`), a model of the library by id or path, or an address as `models.pull` takes it. */
  source: z.string().min(1),
  /** Tensor type (`Q8_0`) or mix (`Q4_K_M`); default: the types of the header, Q4_K_M for a shape. */
  type: z.string().optional(),
  /** Keep this many layers only. Nothing measured on such a file is scaled to the whole model. */
  layers: z.number().int().min(1).max(512).optional(),
  /** Equal seeds give equal bytes. */
  seed: z.number().int().min(0).max(4_294_967_295).default(1),
  /** Absolute target path; default: the models folder, `<name>-<TYPE>-synthetic.gguf`. */
  out: z.string().optional(),
  overwrite: z.boolean().default(false),
});
export type SynthInput = z.input<typeof synthInputSchema>;

/** What would be written, before a byte is. */
export const synthPlanSchema = z.object({
  /** `shape llama-3.1-8b`, `header of Qwen2.5 7B Instruct`. */
  source: z.string(),
  name: z.string(),
  architecture: z.string(),
  type: z.string(),
  path: z.string(),
  layerCount: z.number().int(),
  /** Of the real model. */
  wholeLayerCount: z.number().int(),
  parameterCount: z.number(),
  bitsPerWeight: z.number(),
  contextLength: z.number().int(),
  tensorTypes: tensorHistogramSchema,
  sizeBytes: z.number(),
  /** Free where the file would lie, bytes. */
  freeBytes: z.number(),
  fitsOnDisk: z.boolean(),
  exists: z.boolean(),
});
export type SynthPlan = z.infer<typeof synthPlanSchema>;
