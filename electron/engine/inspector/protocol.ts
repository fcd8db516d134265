import { z } from 'zod';
import { errorPayloadSchema } from '../../../shared/contract/common.ts';
import { engineSettingsSchema } from '../../../shared/contract/models.ts';

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
    type: z.literal('quantize'),
    sourcePath: z.string(),
    targetPath: z.string(),
    ftype: z.number().int(),
    threads: z.number().int().positive(),
    allowRequantize: z.boolean(),
  }),
]);
export type InspectorTask = z.infer<typeof inspectorTaskSchema>;

/** Inspector child → host: `ready`, any number of `progress`, then `done` or `failed`. */
export const inspectorReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('progress'), fraction: z.number(), note: z.string() }),
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
