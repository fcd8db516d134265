import { z } from 'zod';
import { errorPayloadSchema, nullableNumber } from './common.ts';
import { memoryPredictionSchema } from './memory.ts';
import { engineSettingsSchema } from './models.ts';

/**
 * How a model orders texts by their relevance to a query: as the cross-encoder it is, which reads both together; by how
 * near their embeddings lie; or not at all.
 */
export const rankingSchema = z.enum(['cross-encoder', 'embeddings', 'no']);
export type Ranking = z.infer<typeof rankingSchema>;

const fillMarksSchema = z.object({
  /** What the model wants before every prompt; absent where it wants nothing. */
  start: z.number().int().optional(),
  prefix: z.number().int(),
  suffix: z.number().int(),
  middle: z.number().int(),
});
/** Token ids. */
export type FillMarks = z.infer<typeof fillMarksSchema>;

/** What a loaded engine reports of itself; every effective setting, nothing assumed. */
export const engineFactsSchema = z.object({
  backend: z.string(),
  nodeLlamaCppVersion: z.string(),
  llamaCppRelease: z.string(),
  /** `fast` = own scheduler on the addon's context; `public` = lockstep on the public API. */
  batchEngine: z.enum(['fast', 'public']),
  contextSize: z.number().int(),
  slots: z.number().int(),
  threads: z.number().int(),
  batchSize: z.number().int(),
  flashAttention: z.boolean(),
  kvKeyType: z.string(),
  kvValueType: z.string(),
  gpuLayers: z.number().int(),
  useMmap: z.boolean(),
  vocabularySize: z.number().int(),
  embeddingLength: z.number().int(),
  trainedContextLength: z.number().int(),
  /** llama.cpp's own words for the model, `llama 8B Q4_K - Medium`; results of Dyno 0.1.0 lack these three. */
  modelDescription: z.string().optional(),
  /** Bytes of all tensors, without the file's header. */
  tensorBytes: z.number().optional(),
  /** Threads of prefill, where they are not `threads`. */
  prefillThreads: z.number().int().optional(),
  /** Absent in results before Dyno told it; then the model ranks nothing. */
  ranking: rankingSchema.optional(),
  /** Tokens the model was taught to fill a gap between two texts with; absent where it was not. */
  fillMarks: fillMarksSchema.optional(),
  features: z.object({ chat: z.boolean(), tools: z.boolean(), reasoning: z.boolean() }),
  loadMs: z.number(),
  memory: z.object({
    /** Resident memory of the engine process after load, bytes. */
    processBytes: z.number(),
    modelRamBytes: z.number(),
    modelVramBytes: z.number(),
    contextRamBytes: z.number(),
    contextVramBytes: z.number(),
    /** KV cache alone, on whatever device. */
    kvCacheBytes: z.number().optional(),
    /** Memory of the process that is its own, after load: shared pages in proportion. Linux only. */
    ownBytes: z.number().optional(),
    /** Largest resident memory during the load, bytes; read ten times a second and after it. */
    loadPeakBytes: z.number().optional(),
    /** Growth of the used device memory over the load, other programs' changes included. */
    deviceBytes: z.number().optional(),
    /** What this machine's loads before had made expect. */
    predicted: memoryPredictionSchema.optional(),
  }),
});
export type EngineFacts = z.infer<typeof engineFactsSchema>;

/**
 * idle → loading → ready → stopping → stopped
 *           │  ▲       │
 *           ▼  └── restarting ◄┘ (crash)   failed after three crashes or a load error
 */
export const engineStateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('idle') }),
  z.object({ type: z.literal('loading'), fraction: z.number() }),
  z.object({ type: z.literal('ready'), facts: engineFactsSchema }),
  z.object({
    type: z.literal('restarting'),
    attempt: z.number().int(),
    inMs: z.number(),
    error: errorPayloadSchema,
  }),
  z.object({ type: z.literal('failed'), error: errorPayloadSchema }),
  z.object({ type: z.literal('stopping') }),
  z.object({ type: z.literal('stopped') }),
]);
export type EngineState = z.infer<typeof engineStateSchema>;

/** The newest steps of an engine, at most 512; a percentile without enough of them is `null`. */
export const stepStatsSchema = z.object({
  /** Decode steps the figures stand on. */
  decodeSteps: z.number().int(),
  /** Sequences per decode step. */
  decodeBatchMean: z.number(),
  decodeMsP50: nullableNumber,
  decodeMsP95: nullableNumber,
  /** Of the time of all steps, 0..1. */
  prefillShare: z.number(),
  /** How late the engine's own event loop was, since it began to answer. */
  loopDelayP99Ms: nullableNumber,
});
export type StepStats = z.infer<typeof stepStatsSchema>;

/** A replica as the window and the CLI see it. */
export const replicaSchema = z.object({
  id: z.string(),
  modelId: z.string(),
  modelPath: z.string(),
  settings: engineSettingsSchema,
  state: engineStateSchema,
  pid: z.number().int().nullable(),
  /** Requests running and waiting now. */
  running: z.number().int(),
  queued: z.number().int(),
  /** Tokens in the KV cache over all slots. */
  kvTokens: z.number().int(),
  residentBytes: nullableNumber,
  /** Absent before the first decode step. */
  steps: stepStatsSchema.optional(),
});
export type Replica = z.infer<typeof replicaSchema>;
