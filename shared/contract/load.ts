import { z } from 'zod';
import { requestSampleSchema, trustSchema } from './bench.ts';
import { errorPayloadSchema, jobStateSchema, nullableNumber } from './common.ts';
import { inventorySchema } from './hardware.ts';
import { engineSettingsPatchSchema } from './models.ts';
import { percentilesSchema } from './percentiles.ts';

/** How a target is spoken to. `auto`: OpenAI chat, and plain completions where the server has no chat. */
export const loadDialectSchema = z.enum([
  'auto',
  'openai-chat',
  'openai-completion',
  'tgi',
  'triton',
  'llama-server',
  'ollama',
]);
export type LoadDialect = z.infer<typeof loadDialectSchema>;

const headersSchema = z.record(z.string(), z.string());

export const loadTargetInputSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('url'),
    /** Base address; with `/v1` for OpenAI-compatible servers (added where it is missing). */
    url: z.url({ protocol: /^https?$/ }),
    /** The first one of the server's list when omitted. */
    model: z.string().optional(),
    dialect: loadDialectSchema.default('auto'),
    /** Sent as a bearer token. Kept in memory only, never stored. */
    apiKey: z.string().optional(),
    /** Kept in memory only: names are stored, values are not. */
    headers: headersSchema.default({}),
  }),
  z.object({
    type: z.literal('model'),
    /** Id or path: Dyno loads it and opens its own server in front of it. */
    model: z.string(),
    settings: engineSettingsPatchSchema.default({}),
  }),
]);

/** Where prompts come from. Lengths are cut exactly where a tokenizer is at hand, else estimated and labelled. */
export const promptSourceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('corpus') }),
  /** Random token ids written as text; random words where the target's tokenizer is not at hand. */
  z.object({ type: z.literal('random') }),
  /** JSONL with `prompt` or `messages`, or a ShareGPT-style file; texts are sent as they are. */
  z.object({ type: z.literal('file'), path: z.string() }),
]);
export type PromptSourceChoice = z.infer<typeof promptSourceSchema>;

/** Limits one request must keep to be good; what is left out is not judged. All in ms. */
export const sloSchema = z.object({
  name: z.string().optional(),
  ttftMs: z.number().positive().optional(),
  tpotMs: z.number().positive().optional(),
  e2eMs: z.number().positive().optional(),
});
export type Slo = z.infer<typeof sloSchema>;

export const loadStartInputSchema = z.object({
  target: loadTargetInputSchema,
  shape: z.string().default('single-stream'),
  parameters: z.record(z.string(), z.unknown()).default({}),
  prompts: promptSourceSchema.default({ type: 'corpus' }),
  slo: sloSchema.optional(),
  seed: z.number().int().min(0).default(1),
  /** A stream that is silent for this long has failed. */
  idleTimeoutMs: z.number().int().min(100).default(120_000),
  name: z.string().optional(),
});
export type LoadStartInput = z.input<typeof loadStartInputSchema>;

/** Keys are not stored, so a run that is resumed by another process needs them again. */
export const loadResumeInputSchema = z.object({
  loadId: z.string(),
  apiKey: z.string().optional(),
  headers: headersSchema.optional(),
});

/** Times the server itself reports, ms and tokens; `null` where it does not. */
export const engineTimingsSchema = z.object({
  promptMs: nullableNumber,
  promptTokens: nullableNumber,
  decodeMs: nullableNumber,
  decodeTokens: nullableNumber,
});
export type EngineTimings = z.infer<typeof engineTimingsSchema>;

/** One request of a load run, raw. */
export const loadSampleSchema = requestSampleSchema.extend({ engine: engineTimingsSchema.nullable() });
export type LoadSample = z.infer<typeof loadSampleSchema>;

/** What a stage varies. */
export const stageLoadSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('users'), users: z.number().int() }),
  z.object({ type: z.literal('rate'), perSecond: z.number() }),
  z.object({ type: z.literal('depth'), tokens: z.number().int(), users: z.number().int() }),
]);
export type StageLoad = z.infer<typeof stageLoadSchema>;

/** Part of a long stage, for first against last minute. */
export const minuteSchema = z.object({
  outputTps: z.number(),
  ttftMs: nullableNumber,
  requests: z.number().int(),
});

/** What the samples of one stage amount to. Computed from the raw samples, never averaged from other summaries. */
export const loadSummarySchema = z.object({
  wallMs: z.number(),
  attempted: z.number().int(),
  finished: z.number().int(),
  /** Failed requests by error code, dropped ones among them. */
  errors: z.record(z.string(), z.number().int()),
  finishReasons: z.record(z.string(), z.number().int()),
  ttftMs: percentilesSchema,
  /** From the intended send: safe against coordinated omission. */
  ttftScheduledMs: percentilesSchema,
  ttfaMs: percentilesSchema,
  tpotMs: percentilesSchema,
  chunkGapMs: percentilesSchema,
  e2eMs: percentilesSchema,
  e2eScheduledMs: percentilesSchema,
  /** Gaps over 4 × the median gap. */
  stalls: z.number().int(),
  /** Tokens per event; gaps are inter-token latencies only at 1.00 ± 0.01. */
  tokensPerEvent: nullableNumber,
  /** 1000 / median TPOT. */
  decodeTps: nullableNumber,
  /** Inside the steady window. */
  systemTps: nullableNumber,
  /** Over the whole stage, ramp and drain included. */
  wholeTps: nullableNumber,
  requestsPerSecond: nullableNumber,
  goodput: z
    .object({ good: z.number().int(), attempted: z.number().int(), perSecond: z.number() })
    .nullable(),
  /** How the schedule was kept; `null` where there is none (closed loop). */
  schedule: z
    .object({
      askedPerSecond: z.number(),
      achievedPerSecond: z.number(),
      lagP50Ms: nullableNumber,
      lagP99Ms: nullableNumber,
      lagMaxMs: nullableNumber,
      late: z.number().int(),
      dropped: z.number().int(),
    })
    .nullable(),
  promptTokens: nullableNumber,
  /** Share of the prompt tokens that came out of a cache. */
  cachedShare: nullableNumber,
  outputTokens: nullableNumber,
  tokenCountSource: z.enum(['usage', 'tokenizer', 'events', 'mixed']).nullable(),
  /** From the server's own timings, medians. */
  engine: z.object({ prefillTps: nullableNumber, decodeTps: nullableNumber }).nullable(),
  /** TTFT or open requests rise over the stage more than chance allows. */
  isOverSaturated: z.boolean(),
  loopDelayP99Ms: nullableNumber,
  firstMinute: minuteSchema.nullable(),
  lastMinute: minuteSchema.nullable(),
});
export type LoadSummary = z.infer<typeof loadSummarySchema>;

export const loadStageSchema = z.object({
  index: z.number().int(),
  name: z.string(),
  load: stageLoadSchema,
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  startedAtMs: z.number(),
  endedAtMs: nullableNumber,
  /** What was finished, also of a cancelled stage; `null` while it runs. */
  summary: loadSummarySchema.nullable(),
  trust: trustSchema.nullable(),
  error: errorPayloadSchema.nullable(),
});
export type LoadStage = z.infer<typeof loadStageSchema>;

/** The target as it was found; no key and no header value is ever in it. */
export const loadTargetSchema = z.object({
  type: z.enum(['url', 'model']),
  url: z.string(),
  model: z.string(),
  dialect: loadDialectSchema,
  headerNames: z.array(z.string()),
  /** `server` header of its answers. */
  server: z.string().nullable(),
  /** How prompt lengths are known. */
  promptLengths: z.enum(['exact', 'calibrated', 'estimated', 'as-given']),
  /** The model's weights are random, as Dyno wrote them: it has a speed and no answers. */
  isSynthetic: z.boolean().default(false),
  settings: engineSettingsPatchSchema,
});
export type LoadTarget = z.infer<typeof loadTargetSchema>;

export const loadRunSchema = z.object({
  id: z.string(),
  name: z.string(),
  createdAtMs: z.number(),
  endedAtMs: nullableNumber,
  metricsVersion: z.number().int(),
  dynoVersion: z.string(),
  target: loadTargetSchema,
  shape: z.string(),
  /** With every default filled in and lengths clipped to the context. */
  parameters: z.record(z.string(), z.unknown()),
  description: z.string(),
  prompts: promptSourceSchema,
  slo: sloSchema.nullable(),
  seed: z.number().int(),
  idleTimeoutMs: z.number(),
  state: jobStateSchema,
  /** The machine that sent the load; `null` in runs of before it was kept. */
  machine: inventorySchema.nullable().default(null),
  stages: z.array(loadStageSchema),
  /** What the shape found, in one sentence; `null` before its end. */
  finding: z.string().nullable(),
  trust: trustSchema.nullable(),
  repeatCommand: z.string(),
});
export type LoadRun = z.infer<typeof loadRunSchema>;

/** A parameter of a shape, for forms and help. */
export const shapeFieldSchema = z.object({
  name: z.string(),
  kind: z.enum(['number', 'text', 'choice', 'list', 'flag']),
  description: z.string(),
  default: z.unknown(),
  minimum: nullableNumber,
  choices: z.array(z.string()),
});
export type ShapeField = z.infer<typeof shapeFieldSchema>;

export const loadShapeSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  fields: z.array(shapeFieldSchema),
});
export type LoadShape = z.infer<typeof loadShapeSchema>;

/** A point of the live chart. */
export const loadTickSchema = z.object({
  atMs: z.number(),
  stage: z.number().int(),
  tokensPerSecond: z.number(),
  /** Requests open at the end of the tick. */
  inFlight: z.number().int(),
  ttftsMs: z.array(z.number()),
  finished: z.number().int(),
  failed: z.number().int(),
});
export type LoadTick = z.infer<typeof loadTickSchema>;
