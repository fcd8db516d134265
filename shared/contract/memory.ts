import { z } from 'zod';
import { nullableNumber } from './common.ts';

/** Where the expected memory of the engine process itself (program, tokenizer, buffers of the runtime) comes from. */
export const processBasisSchema = z.enum([
  /** Shipped figures: nothing was loaded here yet. */
  'default',
  /** This machine's loads of models with other vocabularies correct the shipped figures. */
  'machine',
  /** This machine's loads of models with such a vocabulary. */
  'similar',
]);

/** The memory of a load right after it, before any prompt, as it was expected. Bytes. */
export const memoryPredictionSchema = z.object({
  weightsBytes: z.number(),
  kvCacheBytes: z.number(),
  /** The process itself: program, tokenizer, buffers of the runtime. Learned. */
  processBytes: z.number(),
  /** Sum of the above that lies in main memory. */
  ramBytes: z.number(),
  /** Of all devices together, compute buffers included. */
  vramBytes: z.number(),
  basis: processBasisSchema,
  /** Past loads the process part was learned from. */
  n: z.number().int(),
});
export type MemoryPrediction = z.infer<typeof memoryPredictionSchema>;

/** A load of the past: what was expected, what it took. */
export const memoryLoadSchema = z.object({
  atMs: z.number(),
  modelId: z.string(),
  backend: z.string(),
  vocabularySize: z.number().int(),
  contextSize: z.number().int(),
  slots: z.number().int(),
  kvKeyType: z.string(),
  useMmap: z.boolean(),
  predicted: memoryPredictionSchema,
  measured: z.object({
    /** Memory of the engine process that is its own; pages shared with other processes count in proportion. */
    processBytes: z.number(),
    /** `pss`: proportional set size (Linux). `rss`: resident size, shared pages counted whole. */
    source: z.enum(['pss', 'rss']),
    /** Largest resident size during the load, shared pages counted whole; missing in records of older versions. */
    peakBytes: z.number().optional(),
    /** Growth of the used device memory over the load; `null` without a device. Others' changes are in it. */
    deviceBytes: nullableNumber,
  }),
  /** (predicted − measured) / measured of the process, percent. */
  errorPercent: z.number(),
});
export type MemoryLoad = z.infer<typeof memoryLoadSchema>;

export const memoryHistorySchema = z.object({
  /** Newest first. */
  loads: z.array(memoryLoadSchema),
  /** Over all of them; `null` without any. */
  medianAbsoluteErrorPercent: nullableNumber,
  worstAbsoluteErrorPercent: nullableNumber,
});
export type MemoryHistory = z.infer<typeof memoryHistorySchema>;
