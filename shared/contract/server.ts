import { z } from 'zod';
import { errorPayloadSchema, nullableNumber } from './common.ts';
import { engineSettingsPatchSchema } from './models.ts';
import { listenSchema, networkStatusSchema } from './network.ts';

/** A port no known tool uses by default; see docs/decisions. */
export const DEFAULT_SERVER_PORT = 7842;

/** A LoRA adapter that is loaded with a model. */
export const adapterWishSchema = z.object({
  /** Absolute. */
  path: z.string().min(1),
  /** At work in requests that name no adapters; 0: only in those that do. */
  scale: z.number().min(-100).max(100).default(1),
});
export type AdapterWish = z.output<typeof adapterWishSchema>;

export const serverStartInputSchema = z.object({
  /** Id or path; the bundled model when omitted. */
  model: z.string().optional(),
  /** More models behind the same address, each in an engine of its own; a request names the one it asks. */
  also: z.array(z.string()).max(7).default([]),
  /** 0 = any free port; the port of the settings when omitted. */
  port: z.number().int().min(0).max(65_535).optional(),
  settings: engineSettingsPatchSchema.default({}),
  /** Adapters of the (first) model, at most 16; a request names them by their place in the list. */
  lora: z.array(adapterWishSchema).max(16).default([]),
  /** Requests that may wait; beyond it a request gets 503 with Retry-After. */
  queueLimit: z.number().int().min(0).max(100_000).default(64),
  /** This machine only, unless asked for; a server that is started anew is closed again. */
  listen: listenSchema.default({ type: 'loopback' }),
});

/** One of the models behind the address. */
export const servedModelSchema = z.object({
  modelId: z.string(),
  modelName: z.string(),
  quantization: z.string(),
  replicaId: z.string(),
  /** 0 while its engine is not ready. */
  slots: z.number().int(),
  contextSize: z.number().int(),
  /** LoRA adapters by id. */
  adapters: z.array(z.object({ name: z.string(), scale: z.number() })).default([]),
});
export type ServedModelStatus = z.infer<typeof servedModelSchema>;

export const serverStatusSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('off') }),
  z.object({ type: z.literal('starting'), modelId: z.string(), fraction: z.number() }),
  z.object({
    type: z.literal('on'),
    /** Base address with `/v1`. */
    url: z.string(),
    port: z.number().int(),
    modelId: z.string(),
    modelName: z.string(),
    quantization: z.string(),
    replicaId: z.string(),
    /** All that are served, the one above first. */
    models: z.array(servedModelSchema).default([]),
    sinceMs: z.number(),
    running: z.number().int(),
    queued: z.number().int(),
    slots: z.number().int(),
    contextSize: z.number().int(),
    /** How other machines reach it; `null`: they do not. */
    network: networkStatusSchema.nullable().default(null),
    totals: z.object({
      requests: z.number(),
      errors: z.number(),
      promptTokens: z.number(),
      outputTokens: z.number(),
    }),
  }),
  z.object({ type: z.literal('failed'), error: errorPayloadSchema }),
]);
export type ServerStatus = z.infer<typeof serverStatusSchema>;

/** What a saturated server does with a request, in the order it does it; see docs/limits.md. */
export const degradationSteps = ['queue', 'clamp', 'smaller', 'cache', 'refuse'] as const;
export type DegradationStep = (typeof degradationSteps)[number];

/** One request in the live table. Prompts are never in it. */
export const serverRequestSchema = z.object({
  id: z.string(),
  atMs: z.number(),
  route: z.string(),
  model: z.string(),
  keyName: z.string().nullable(),
  phase: z.enum(['queued', 'prefill', 'decode', 'done', 'failed', 'cancelled']),
  status: z.number().int().nullable(),
  promptTokens: nullableNumber,
  cachedTokens: nullableNumber,
  outputTokens: z.number(),
  queueMs: nullableNumber,
  ttftMs: nullableNumber,
  tokensPerSecond: nullableNumber,
  totalMs: nullableNumber,
  finishReason: z.string().nullable(),
  errorCode: z.string().nullable(),
  degraded: z.array(z.enum(degradationSteps)).readonly(),
});
export type ServerRequest = z.infer<typeof serverRequestSchema>;

export const chatTurnSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
});

/** The playground talks to the real server over loopback HTTP; what it shows is what a client gets. */
export const playgroundInputSchema = z.object({
  /** One of the served models; the first when omitted. */
  model: z.string().optional(),
  messages: z.array(chatTurnSchema).min(1),
  temperature: z.number().min(0).max(2).default(0),
  topP: z.number().gt(0).max(1).default(1),
  maxTokens: z.number().int().min(1).max(131_072).default(256),
  seed: z.number().int().min(0).optional(),
});

export const playgroundEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), channel: z.enum(['content', 'reasoning']), text: z.string() }),
  z.object({
    type: z.literal('done'),
    finishReason: z.string(),
    promptTokens: z.number(),
    cachedTokens: z.number(),
    outputTokens: z.number(),
    ttftMs: z.number(),
    /** 1 / TPOT; `null` for fewer than 2 tokens. */
    tokensPerSecond: nullableNumber,
    totalMs: z.number(),
  }),
]);
export type PlaygroundEvent = z.infer<typeof playgroundEventSchema>;
