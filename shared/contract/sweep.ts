import { z } from 'zod';
import { trustSchema } from './bench.ts';
import { errorPayloadSchema, estimateSchema, jobStateSchema, nullableNumber } from './common.ts';
import { engineSettingsPatchSchema, kvTypeSchema } from './models.ts';
import { speedRatioSchema } from './verdict.ts';

const axesShape = {
  threads: z.array(z.union([z.literal('auto'), z.number().int().min(1).max(1024)])).min(1),
  batchSize: z.array(z.number().int().min(32).max(8192)).min(1),
  flashAttention: z.array(z.enum(['auto', 'on', 'off'])).min(1),
  /** Keys and values alike. */
  kvType: z.array(kvTypeSchema).min(1),
  gpuLayers: z.array(z.union([z.enum(['auto', 'max']), z.number().int().min(0).max(10_000)])).min(1),
  useMmap: z.array(z.boolean()).min(1),
  /** Sequences side by side, compared by the tokens/s of all of them together. */
  sequences: z.array(z.number().int().min(1).max(256)).min(1),
};

/** Values to try of each setting; they are crossed with each other. What is absent stays as in `settings`. */
export const sweepAxesSchema = z.object(axesShape).partial();
export type SweepAxes = z.infer<typeof sweepAxesSchema>;

export const sweepInputSchema = z.object({
  model: z.string(),
  axes: sweepAxesSchema,
  /** Share of decode in the objective, 0..1: 1 decode alone, 0 prefill alone, between them a geometric mean. */
  decodeWeight: z.number().min(0).max(1).default(1),
  prefillTokens: z.number().int().min(1).max(131_072).default(512),
  decodeTokens: z.number().int().min(1).max(131_072).default(128),
  depth: z.number().int().min(0).max(1_048_576).default(0),
  /** Of every candidate; where the axes try several numbers, of Dyno's own choice alone, and then 1. */
  sequences: z.number().int().min(1).max(256).default(1),
  /** Repetitions before the first cut; every later rung doubles them. */
  firstRepetitions: z.number().int().min(1).max(20).default(2),
  /** Repetitions of those that are never cut. */
  finalRepetitions: z.number().int().min(2).max(50).default(8),
  seed: z.number().int().min(0).default(1),
  /** Settings that are the same for all. */
  settings: engineSettingsPatchSchema.default({}),
});
export type SweepInput = z.input<typeof sweepInputSchema>;
export type SweepSpec = z.output<typeof sweepInputSchema>;

export const sweepRepetitionSchema = z.object({
  /** The seed is the sweep's plus this, the same for every candidate. */
  index: z.number().int(),
  /** Of all sequences together, like `decodeTps`. */
  prefillTps: nullableNumber,
  decodeTps: nullableNumber,
  /** decode^w × prefill^(1 − w), tokens per second. */
  score: z.number(),
  cpuPerWall: nullableNumber,
});
export type SweepRepetition = z.infer<typeof sweepRepetitionSchema>;

export const sweepCandidateSchema = z.object({
  id: z.string(),
  /** The settings in words: `threads 2 · batch 512`. */
  label: z.string(),
  settings: engineSettingsPatchSchema,
  /** Sequences side by side; `null` in sweeps older than this axis: `spec.sequences`. */
  sequences: z.number().int().min(1).nullable().default(null),
  /** Dyno's own choice, without any of the axes: never cut, so that the gain can be told. */
  isDefault: z.boolean(),
  /** racing → eliminated | failed | finalist */
  state: z.enum(['racing', 'eliminated', 'failed', 'finalist']),
  repetitions: z.array(sweepRepetitionSchema),
  warmups: z.number().int(),
  prefillTps: estimateSchema.nullable(),
  decodeTps: estimateSchema.nullable(),
  score: estimateSchema.nullable(),
  /** What the engine really ran with: `8 threads, batch 512, flash attention on`. */
  effective: z.string().nullable(),
  /** Why it is out, in words; `null` while it is in. */
  elimination: z
    .object({
      /** The cut, counted from 1; 0 = stopped in its warm-up, out of reach of the leader. */
      rung: z.number().int(),
      afterRepetitions: z.number().int(),
      rank: z.number().int(),
      of: z.number().int(),
      behindPercent: z.number(),
      /** Its best repetition was slower than the slowest of everyone who stayed. */
      isClear: z.boolean(),
      message: z.string(),
    })
    .nullable(),
  /** Against the winner, of finalists: ratio of scores with a bootstrap interval. */
  againstWinner: speedRatioSchema.nullable(),
  error: errorPayloadSchema.nullable(),
});
export type SweepCandidate = z.infer<typeof sweepCandidateSchema>;

/** A search over engine settings by successive halving: docs/engine-ladder.md. */
export const sweepSchema = z.object({
  id: z.string(),
  createdAtMs: z.number(),
  endedAtMs: nullableNumber,
  dynoVersion: z.string(),
  spec: sweepInputSchema,
  modelId: z.string(),
  modelPath: z.string(),
  modelName: z.string(),
  quantization: z.string(),
  sizeBytes: z.number(),
  state: jobStateSchema,
  order: z.enum(['interleaved', 'blocks']).nullable(),
  candidates: z.array(sweepCandidateSchema),
  winnerId: z.string().nullable(),
  /** Difference of the objective that equal arms show on this machine, as a share; `null` = none was measured. */
  floorShare: nullableNumber.default(null),
  /** The result in one sentence, `null` until there is one. */
  sentence: z.string().nullable(),
  trust: trustSchema.nullable(),
  repeatCommand: z.string(),
});
export type Sweep = z.infer<typeof sweepSchema>;
