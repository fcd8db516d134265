import { z } from 'zod';
import { nullableNumber, sha256Schema } from './common.ts';
import { memoryLoadSchema, memoryPredictionSchema } from './memory.ts';

/** ggml tensor types by name → number of tensors of that type. */
export const tensorHistogramSchema = z.record(z.string(), z.number().int());

/** One model of the library: a GGUF file, or a split model named by its first part. Files stay where they are. */
export const modelSchema = z.object({
  /** Stable and unique in the library: file name without `.gguf`, made unique by a suffix of its path's hash. */
  id: z.string(),
  /** Absolute path of the (first) file. */
  path: z.string(),
  /** All parts in order; one entry for an unsplit model. */
  parts: z.array(z.string()),
  name: z.string(),
  architecture: z.string(),
  /**
   * The file's label: `F16`, `Q4_K_M`… from general.file_type, else from the tensor histogram; `Q4_K_M synthetic` for
   * random weights, `Q4_K_M imatrix` where an importance matrix weighed the columns.
   */
  quantization: z.string(),
  /** Bytes over all parts. */
  sizeBytes: z.number(),
  parameterCount: z.number(),
  bitsPerWeight: z.number(),
  /** Training context in tokens. */
  contextLength: nullableNumber,
  tensorTypes: tensorHistogramSchema,
  /** `null` until the background hash is done. */
  sha256: sha256Schema.nullable(),
  source: z.enum(['bundled', 'dyno', 'hugging-face', 'lm-studio', 'ollama', 'folder', 'dropped']),
  hasChatTemplate: z.boolean(),
  /** Set when the file may not be loaded: damaged header, truncated, missing part, unknown architecture. */
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).nullable(),
  modifiedMs: z.number(),
  /** Dyno made this file from that model (quantize). */
  derivedFrom: z.string().nullable(),
  /** Random weights (`dyno synth`): speed and memory are those of the real model, answers and quality are not. */
  isSynthetic: z.boolean().default(false),
});
export type Model = z.infer<typeof modelSchema>;

export const modelDetailsSchema = modelSchema.extend({
  /** GGUF metadata without the long token arrays (those give their length). */
  metadata: z.record(z.string(), z.unknown()),
  chatTemplate: z.string().nullable(),
  tensors: z.array(
    z.object({ name: z.string(), type: z.string(), shape: z.array(z.number()), sizeBytes: z.number() }),
  ),
  layerCount: nullableNumber,
  embeddingLength: nullableNumber,
  headCount: nullableNumber,
  kvHeadCount: nullableNumber,
  vocabularySize: nullableNumber,
  trainedContextLength: nullableNumber,
  features: z.object({ tools: z.boolean(), reasoning: z.boolean(), embeddings: z.boolean() }),
});
export type ModelDetails = z.infer<typeof modelDetailsSchema>;

export const kvTypeSchema = z.enum(['F16', 'F32', 'BF16', 'Q8_0', 'Q5_1', 'Q5_0', 'Q4_1', 'Q4_0']);

const engineSettingsShape = {
  /** Tokens per slot; `auto` = the training context, at most 4096 and at most what fits. */
  contextSize: z.union([z.literal('auto'), z.number().int().min(16).max(16_777_216)]),
  /** Sequences that decode together. */
  slots: z.number().int().min(1).max(256),
  threads: z.union([z.literal('auto'), z.number().int().min(1).max(1024)]),
  batchSize: z.number().int().min(32).max(8192),
  flashAttention: z.enum(['auto', 'on', 'off']),
  kvKeyType: kvTypeSchema,
  kvValueType: kvTypeSchema,
  gpuLayers: z.union([z.enum(['auto', 'max']), z.number().int().min(0).max(10_000)]),
  useMmap: z.union([z.literal('auto'), z.boolean()]),
};

/** The engine settings a user may choose. Everything has a default; `auto` is resolved and recorded at load. */
export const engineSettingsSchema = z.object({
  contextSize: engineSettingsShape.contextSize.default('auto'),
  slots: engineSettingsShape.slots.default(4),
  threads: engineSettingsShape.threads.default('auto'),
  batchSize: engineSettingsShape.batchSize.default(512),
  flashAttention: engineSettingsShape.flashAttention.default('auto'),
  kvKeyType: engineSettingsShape.kvKeyType.default('F16'),
  kvValueType: engineSettingsShape.kvValueType.default('F16'),
  gpuLayers: engineSettingsShape.gpuLayers.default('auto'),
  useMmap: engineSettingsShape.useMmap.default('auto'),
});
export type EngineSettings = z.infer<typeof engineSettingsSchema>;

/** Some engine settings, without defaults: what is absent is left to the user's settings, then to the defaults above. */
export const engineSettingsPatchSchema = z.object(engineSettingsShape).partial();
export type EngineSettingsPatch = z.infer<typeof engineSettingsPatchSchema>;

/** Memory of one setting before load, from llama.cpp's own no-alloc simulation. Bytes. */
export const memoryFitSchema = z.object({
  settings: engineSettingsSchema,
  /** Tokens per slot the figures below are for. */
  contextSize: z.number(),
  slots: z.number(),
  weightsBytes: z.number(),
  kvCacheBytes: z.number(),
  /** Graph, compute and output buffers. */
  computeBytes: z.number(),
  totalRamBytes: z.number(),
  totalVramBytes: z.number(),
  /** What is held against the available RAM: the total, or what was learned where that is more. */
  neededRamBytes: z.number(),
  /** `estimate`: llama.cpp's total. `learned`: weights, cache and the process, from this machine's loads. */
  decidedBy: z.enum(['estimate', 'learned']),
  availableRamBytes: z.number(),
  availableVramBytes: z.number(),
  fits: z.boolean(),
  /** Largest context per slot (multiple of 256, up to the training context) that fits with these settings; 0 = none. */
  largestContextSize: z.number(),
  /** One sentence for people: what fits, or the nearest setting that would. */
  advice: z.string(),
  /** Of the engine process right after the load, its own part learned from this machine's loads. */
  expected: memoryPredictionSchema,
  /** Loads of this model, expected against measured, newest first. */
  pastLoads: z.array(memoryLoadSchema),
});
export type MemoryFit = z.infer<typeof memoryFitSchema>;

/** A type llama_model_quantize can make. */
export const quantTypeSchema = z.object({
  name: z.string(),
  /** llama_ftype value. */
  ftype: z.number().int(),
  /** Typical bits per weight, from the block layout; for a size estimate. */
  bitsPerWeight: z.number(),
  needsImatrix: z.boolean(),
  note: z.string(),
});
export type QuantType = z.infer<typeof quantTypeSchema>;

export const quantizeInputSchema = z.object({
  /** Id or path of the source model. */
  model: z.string(),
  type: z.string(),
  /** Absolute target path; default: the data folder's models, `<base>-<TYPE>.gguf`. */
  out: z.string().optional(),
  overwrite: z.boolean().default(false),
  /** Allows a source that is already quantized (loses quality). */
  allowRequantize: z.boolean().default(false),
  /** Absolute path of an importance matrix of this very model, `.gguf` or the older `.dat`. */
  imatrix: z.string().optional(),
  threads: z.number().int().min(1).optional(),
});
export type QuantizeInput = z.input<typeof quantizeInputSchema>;

export const pullInputSchema = z.object({
  /** `https://…/file.gguf`, `hf:owner/repo/file.gguf`, `hf:owner/repo:Q4_K_M`, or `owner/repo:Q4_K_M`. */
  source: z.string(),
  sha256: sha256Schema.optional(),
  /** File name in the models folder; default: the last part of the address. */
  fileName: z.string().optional(),
});
export type PullInput = z.input<typeof pullInputSchema>;
