import { z } from 'zod';
import { judgeStepSchema, judgeWishSchema, qualityFiguresSchema } from './bench-judge.ts';
import { makeStepSchema } from './bench-make.ts';
import { benchModelSchema, variantSchema } from './bench-model.ts';
import { pickSchema } from './bench-pick.ts';
import {
  errorPayloadSchema,
  estimateSchema,
  jobStateSchema,
  nullableNumber,
  sha256Schema,
} from './common.ts';
import { cellConditionsSchema, rowEnergySchema } from './conditions.ts';
import { inventorySchema } from './hardware.ts';
import { ladderSchema, metricNameSchema } from './metric-name.ts';
import { modelLoadSchema } from './model-load.ts';
import { engineSettingsPatchSchema } from './models.ts';
import { noiseFloorSchema } from './noise-floor.ts';
import { percentilesSchema } from './percentiles.ts';
import { metricVerdictSchema, speedRatioSchema, untilDecidedSchema } from './verdict.ts';

export type { BenchModel } from './bench-model.ts';
export { ladderSchema, metricNameSchema, type MetricName } from './metric-name.ts';

/** Raised whenever a definition in docs/metrics.md changes; results compare only within one version. */
export const METRICS_VERSION = 2;

/** A test of the engine ladder: prefill N tokens, or generate N tokens, at a depth of D tokens already in the cache. */
export const engineTestSchema = z.object({
  kind: z.enum(['prefill', 'decode']),
  tokens: z.number().int().min(1),
  depth: z.number().int().min(0).default(0),
  /** Sequences decoded together; 1 for the llama-bench comparison. */
  sequences: z.number().int().min(1).default(1),
});
export type EngineTest = z.infer<typeof engineTestSchema>;

/** A test of the API ladder: a load profile by name with its own parameters (parsed by the profile). */
export const apiTestSchema = z.object({
  profile: z.string(),
  parameters: z.record(z.string(), z.unknown()).default({}),
});
export type ApiTest = z.infer<typeof apiTestSchema>;

export const benchSpecSchema = z.object({
  name: z.string().optional(),
  /** Ids or paths, measured in interleaved order. */
  models: z.array(z.string()).min(1),
  preset: z.string(),
  engineTests: z.array(engineTestSchema),
  apiTests: z.array(apiTestSchema),
  /** Measured repetitions per cell, at least. */
  repetitions: z.number().int().min(1).max(100),
  /** Goes on up to `upTo` repetitions while a cell has measured for less than `whileUnderMs`: quick cells get a CI. */
  extraRepetitions: z.object({ upTo: z.number().int(), whileUnderMs: z.number() }).optional(),
  /** Warm-up of a cell also ends after this time, settled or not; without it only the cap of docs/metrics.md ends it. */
  warmupBudgetMs: z.number().optional(),
  /** How the arms were measured; set when the run executes. */
  order: z.enum(['interleaved', 'blocks']).optional(),
  judge: judgeWishSchema.optional(),
  /** Two arms, measured until every metric is decided; `repetitions` is then the cap. */
  untilDecided: untilDecidedSchema.optional(),
  /** The run measures one model against itself; its end sets the machine's noise floor. */
  isCalibration: z.boolean().optional(),
  settings: engineSettingsPatchSchema.default({}),
  seed: z.number().int().min(0).default(1),
  /** Pause between two models, ms; lets clocks and temperature settle. */
  coolDownMs: z.number().int().min(0).default(0),
});
export type BenchSpec = z.infer<typeof benchSpecSchema>;

export const benchStartInputSchema = z.object({
  models: z.array(z.string()).min(1),
  /** Types to make of the first model where they are missing, measured with the rest. */
  make: z.array(z.string()).min(1).optional(),
  /** Absolute path of a text: the types are made with an importance matrix of the first model on it. */
  imatrixText: z.string().optional(),
  /** Judges the quality of the files against the unquantized one, after the measurements. */
  judge: judgeWishSchema.optional(),
  preset: z.string().default('quick'),
  /** Own tests in place of the preset's; either list alone leaves the other empty. The preset's rules stay. */
  engineTests: z.array(engineTestSchema).max(200).optional(),
  apiTests: z.array(apiTestSchema).max(200).optional(),
  name: z.string().optional(),
  repetitions: z.number().int().min(1).max(100).optional(),
  settings: engineSettingsPatchSchema.optional(),
  /** Settings of each model on top of `settings`, by position. With them a model may stand in `models` repeatedly. */
  ownSettings: z.array(engineSettingsPatchSchema).optional(),
  untilDecided: untilDecidedSchema.optional(),
  seed: z.number().int().min(0).optional(),
});
export type BenchStartInput = z.input<typeof benchStartInputSchema>;

/** One measured repetition, stored as it was seen. Every later figure is computed from these. */
export const repetitionSchema = z.object({
  index: z.number().int(),
  isWarmup: z.boolean(),
  startedAtMs: z.number(),
  wallMs: z.number(),
  /** CPU seconds of the engine process over wall seconds; `null` where unknown. */
  cpuPerWall: nullableNumber,
  values: z.partialRecord(metricNameSchema, z.number()),
  residentBytes: nullableNumber,
});
export type Repetition = z.infer<typeof repetitionSchema>;

/** One request of the API ladder, raw. Times are ms from `t_send` on the driver's monotonic clock. */
export const requestSampleSchema = z.object({
  repetition: z.number().int(),
  index: z.number().int(),
  isWarmup: z.boolean(),
  stream: z.number().int(),
  /** t_send on the machine's monotonic clock, ms. */
  sentAtMs: z.number(),
  intendedAtMs: z.number(),
  firstEventMs: nullableNumber,
  firstTokenMs: nullableNumber,
  firstAnswerMs: nullableNumber,
  lastTokenMs: nullableNumber,
  endMs: nullableNumber,
  gapsMs: z.array(z.number()),
  promptTokens: nullableNumber,
  cachedTokens: nullableNumber,
  outputTokens: nullableNumber,
  /** Output length asked for. */
  askedTokens: z.number().int(),
  tokenCountSource: z.enum(['usage', 'tokenizer', 'events']),
  finishReason: z.string().nullable(),
  status: z.number().int().nullable(),
  error: errorPayloadSchema.nullable(),
});
export type RequestSample = z.infer<typeof requestSampleSchema>;

export const trustLevelSchema = z.enum(['green', 'amber', 'red']);
export const trustSchema = z.object({
  level: trustLevelSchema,
  reasons: z.array(z.object({ level: trustLevelSchema, signal: z.string(), message: z.string() })),
});
export type Trust = z.infer<typeof trustSchema>;

export const cellStateSchema = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled', 'skipped']);

/** A cell = one model × one test. The unit that is finished, kept and resumed. */
export const cellSchema = z.object({
  id: z.string(),
  modelId: z.string(),
  ladder: ladderSchema,
  /** `pp512`, `tg128@d4096`, `tg128x4`, `single-stream`, `closed-loop x4`. Depth is part of the name. */
  test: z.string(),
  /** The test with every default filled in and lengths clipped to the context. */
  workload: z.record(z.string(), z.unknown()),
  /** SHA-256 of formula version + workload + seed: equal hashes may be compared. */
  workloadHash: sha256Schema,
  state: cellStateSchema,
  /** Headline metrics over the measured repetitions. */
  metrics: z.partialRecord(metricNameSchema, estimateSchema),
  /** Over the requests of all measured repetitions, API ladder only. */
  percentiles: z.partialRecord(metricNameSchema, percentilesSchema),
  counts: z.object({
    warmups: z.number().int(),
    repetitions: z.number().int(),
    requests: z.number().int(),
    errors: z.number().int(),
    finishReasons: z.record(z.string(), z.number().int()),
  }),
  peakResidentBytes: nullableNumber,
  cpuPerWall: nullableNumber,
  conditions: cellConditionsSchema.optional(),
  trust: trustSchema.nullable(),
  error: errorPayloadSchema.nullable(),
  startedAtMs: nullableNumber,
  endedAtMs: nullableNumber,
});
export type Cell = z.infer<typeof cellSchema>;

export const benchRunSchema = z.object({
  id: z.string(),
  name: z.string(),
  createdAtMs: z.number(),
  endedAtMs: nullableNumber,
  metricsVersion: z.number().int(),
  dynoVersion: z.string(),
  spec: benchSpecSchema,
  state: jobStateSchema,
  machine: inventorySchema,
  /** State of the machine just before the start. */
  idle: z.object({
    foreignCpuPercent: nullableNumber,
    availableMemoryBytes: z.number(),
    temperatureC: nullableNumber,
    powerSource: z.string().nullable(),
    governor: z.string().nullable(),
    /** The system saves power: a battery mode, a slow governor or plan. */
    isPowerSaver: z.boolean().nullable().default(null),
  }),
  models: z.array(benchModelSchema),
  /** The machine's noise floor as it was known when the run was measured. */
  noiseFloor: noiseFloorSchema.nullable().default(null),
  /** Files made for the run, in order; each is one of `models`. */
  makes: z.array(makeStepSchema).default([]),
  /** Loads of its models, in order; empty in runs of before they were kept. */
  loads: z.array(modelLoadSchema).default([]),
  /** What was told while it ran, apart from the ends of cells. */
  notes: z.array(z.object({ atMs: z.number(), text: z.string() })).default([]),
  /** Whose quality is judged, one per model; empty where nobody asked. */
  judges: z.array(judgeStepSchema).default([]),
  cells: z.array(cellSchema),
  trust: trustSchema.nullable(),
  /** One command that repeats the run. */
  repeatCommand: z.string(),
});
export type BenchRun = z.infer<typeof benchRunSchema>;

export const runSummarySchema = benchRunSchema
  .pick({
    id: true,
    name: true,
    createdAtMs: true,
    endedAtMs: true,
    state: true,
    trust: true,
    makes: true,
    judges: true,
  })
  .extend({
    preset: z.string(),
    modelIds: z.array(z.string()),
    /** Measures a model against itself, for the noise floor. */
    isCalibration: z.boolean(),
    cellsDone: z.number().int(),
    cellsTotal: z.number().int(),
    /** Best decode speed of the engine ladder over the models, t/s. */
    bestDecodeTps: nullableNumber,
    bestModelId: z.string().nullable(),
    /** Name of the tool that measured an imported run; `null` for Dyno's own. */
    importedFrom: z.string().nullable(),
  });
export type RunSummary = z.infer<typeof runSummarySchema>;

/** One row of the comparison: a model with its headline figures. */
export const comparisonRowSchema = z.object({
  runId: z.string(),
  modelId: z.string(),
  name: z.string(),
  quantization: z.string(),
  /** See `benchModelSchema`. */
  variant: variantSchema.nullable().default(null),
  sizeBytes: z.number(),
  bitsPerWeight: z.number(),
  /** Random weights: its speed counts, its answers do not. */
  isSynthetic: z.boolean().default(false),
  prefillTps: estimateSchema.nullable(),
  decodeTps: estimateSchema.nullable(),
  ttftMs: estimateSchema.nullable(),
  apiDecodeTps: estimateSchema.nullable(),
  systemTps: estimateSchema.nullable(),
  peakResidentBytes: nullableNumber,
  energy: z.array(rowEnergySchema).default([]),
  /** Decode speed against the base row, with the CI of the ratio; `null` for the base itself. */
  decodeRatio: speedRatioSchema.nullable(),
  /** API decode TPS against engine decode TPS at one stream: 1 − api/engine, percent. */
  servingOverheadPercent: nullableNumber,
  isBase: z.boolean(),
  /** Another row is at least as fast and diverges no more (where not judged: is no larger), and is better in one. */
  isDominated: z.boolean(),
  /** Judged against the run's base; `null` where it was not judged. */
  quality: qualityFiguresSchema.nullable().default(null),
  trust: trustSchema.nullable(),
});
export type ComparisonRow = z.infer<typeof comparisonRowSchema>;

export const comparisonSchema = z.object({
  rows: z.array(comparisonRowSchema),
  /** Every metric that a row shares with the base, row after row. */
  verdicts: z.array(metricVerdictSchema).default([]),
  /** The floor the verdicts used; `null` = none was measured for this machine. */
  noiseFloor: noiseFloorSchema.nullable().default(null),
  /** What differs where results may not be compared; empty = all comparable. */
  differences: z.array(z.string()),
  pick: pickSchema.nullable(),
});
export type Comparison = z.infer<typeof comparisonSchema>;
