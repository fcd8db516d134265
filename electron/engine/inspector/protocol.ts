import { z } from 'zod';
import { errorPayloadSchema } from '../../../shared/contract/common.ts';
import { engineSettingsSchema } from '../../../shared/contract/models.ts';

const scoredFileSchema = z.object({ path: z.string(), gpuLayers: z.number().int() });

/** `ScoreTask` as it crosses to the child. */
const scoreTaskSchema = z.object({
  reference: z.discriminatedUnion('type', [
    z.object({ type: z.literal('model'), file: scoredFileSchema, textPath: z.string() }),
    z.object({ type: z.literal('pack'), path: z.string() }),
  ]),
  candidates: z
    .array(z.object({ file: scoredFileSchema, done: z.array(z.number().int()).readonly() }))
    .readonly(),
  contextSize: z.number().int().min(16),
  maxWindows: z.number().int().positive().nullable(),
  backend: z.enum(['cpu', 'cuda', 'vulkan', 'metal']),
  useMmap: z.union([z.boolean(), z.literal('auto')]),
  threads: z.object({ limit: z.number().int().positive(), isFixed: z.boolean() }),
  topK: z.number().int().positive().nullable(),
});

/** `ImatrixTask` as it crosses to the child. */
const imatrixTaskSchema = z.object({
  file: scoredFileSchema,
  textPath: z.string(),
  targetPath: z.string(),
  contextSize: z.number().int().min(16),
  maxChunks: z.number().int().positive().nullable(),
  backend: z.enum(['cpu', 'cuda', 'vulkan', 'metal']),
  useMmap: z.union([z.boolean(), z.literal('auto')]),
  threads: z.object({ limit: z.number().int().positive(), isFixed: z.boolean() }),
});

/** The result of `imatrix`. */
export const imatrixResultSchema = z.object({
  chunkCount: z.number().int(),
  entryCount: z.number().int(),
});

/** Host → inspector child: exactly one task per child, sent after its `ready`. */
export const inspectorTaskSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('estimate'),
    path: z.string(),
    settings: engineSettingsSchema,
    /** Tokens per slot. */
    contextSizes: z.array(z.number().int().positive()).min(1).readonly(),
  }),
  z.object({ type: z.literal('probe') }),
  z.object({
    type: z.literal('bandwidth'),
    /** On the machine's monotonic clock: every child begins its first round then. */
    startAtMs: z.number(),
    roundMs: z.number().positive(),
    rounds: z.number().int().positive(),
    /** Read again and again; has to be larger than the caches. */
    bufferBytes: z.number().int().positive(),
  }),
  z.object({
    type: z.literal('quantize'),
    sourcePath: z.string(),
    targetPath: z.string(),
    ftype: z.number().int(),
    threads: z.number().int().positive(),
    allowRequantize: z.boolean(),
    imatrixPath: z.string().optional(),
  }),
  z.object({ type: z.literal('imatrix'), task: imatrixTaskSchema }),
  z.object({ type: z.literal('score'), task: scoreTaskSchema }),
]);
export type InspectorTask = z.infer<typeof inspectorTaskSchema>;

/** Inspector child → host: `ready`, any number of `progress` and `part` (a piece of the result), then `done` or `failed`. */
export const inspectorReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('progress'), fraction: z.number(), note: z.string() }),
  z.object({ type: z.literal('part'), part: z.unknown() }),
  z.object({ type: z.literal('done'), result: z.unknown() }),
  z.object({ type: z.literal('failed'), error: errorPayloadSchema }),
]);
export type InspectorReply = z.infer<typeof inspectorReplySchema>;

/** The result of `estimate`, one entry per asked context size, in that order. Bytes. */
export const estimateResultSchema = z.array(
  z.object({
    contextSize: z.number(),
    weightsRamBytes: z.number(),
    weightsVramBytes: z.number(),
    kvCacheBytes: z.number(),
    computeBytes: z.number(),
    totalRamBytes: z.number(),
    totalVramBytes: z.number(),
    gpuLayers: z.number(),
  }),
);

export const probeResultSchema = z.object({
  nodeLlamaCppVersion: z.string(),
  llamaCppRelease: z.string(),
  backend: z.string(),
  supportedBackends: z.array(z.string()),
  deviceNames: z.array(z.string()),
  vram: z.object({ totalBytes: z.number(), usedBytes: z.number(), freeBytes: z.number() }).nullable(),
  cpuMathCores: z.number(),
});

/** A piece of the result of `score`: one `opened`, then windows in order. */
export const scorePartSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('opened'),
    opening: z.object({
      contextSize: z.number().int(),
      tokenCount: z.number().int(),
      windowCount: z.number().int(),
      addsBos: z.boolean(),
      vocabularySize: z.number().int(),
      vocabularySha256: z.string(),
      tokensSha256: z.string(),
      llamaCppRelease: z.string(),
    }),
  }),
  z.object({
    type: z.literal('window'),
    candidate: z.number().int(),
    score: z.object({
      position: z.number().int(),
      nll: z.string(),
      nllBase: z.string(),
      kld: z.string(),
      sameTop: z.string(),
      capturedMass: z.number(),
    }),
  }),
  z.object({
    type: z.literal('top'),
    top: z.object({
      position: z.number().int(),
      tokens: z.string(),
      ids: z.string(),
      logProbs: z.string(),
      tails: z.string(),
      nll: z.string(),
    }),
  }),
]);
export type ScorePart = z.infer<typeof scorePartSchema>;

/** Bytes per second of each round; `null` for one this child was too late for. */
export const bandwidthResultSchema = z.array(z.number().nullable());
