import { z } from 'zod';
import { errorPayloadSchema } from '../../../shared/contract/common.ts';
import { loadDialectSchema, loadSampleSchema } from '../../../shared/contract/load.ts';
import { pacingSchema } from '../profiles/pacing.ts';

/** What host and driver say to each other; parsed on arrival on both sides. */

const driverRequestSchema = z.object({
  index: z.number().int(),
  stream: z.number().int(),
  promptTokens: z.number().int(),
  outputTokens: z.number().int(),
  offsetMs: z.number().optional(),
  thinkMs: z.number().optional(),
  turn: z.number().int().optional(),
  /** Position of its text in `texts`; so are those of the beginning it shares, and of the system prompt. */
  text: z.number().int(),
  prefixTexts: z.array(z.number().int()).optional(),
  /** Words before a text that is used again, so that a server's prefix cache does not answer it. */
  head: z.string().optional(),
  systemText: z.number().int().optional(),
});
/** A planned request with its words. */
export type DriverRequest = z.infer<typeof driverRequestSchema>;

export const driverTargetSchema = z.object({
  /** With `/v1` for OpenAI-compatible servers. */
  baseUrl: z.string(),
  /** Empty for servers that want none. */
  apiKey: z.string(),
  headers: z.record(z.string(), z.string()),
  modelName: z.string(),
  dialect: loadDialectSchema.exclude(['auto']),
  /** Fields beyond OpenAI's own that this server takes. */
  takes: z.object({ ignoreEos: z.boolean(), cachePrompt: z.boolean() }),
});
export type DriverTarget = z.infer<typeof driverTargetSchema>;

const windowTaskSchema = z.object({
  id: z.string(),
  target: driverTargetSchema,
  pacing: pacingSchema,
  requests: z.array(driverRequestSchema),
  /** Texts the requests point into, so that thousands of requests can share some hundred prompts. */
  texts: z.array(z.string()),
  /** The server may use what its cache holds of a prompt. */
  reusesPrompts: z.boolean(),
  repetition: z.number().int(),
  isWarmup: z.boolean(),
  seed: z.number().int(),
  /** A stream that is silent for this long has failed. */
  idleTimeoutMs: z.number(),
});
/** One repetition of an API test, or one stage of a load run: everything the driver needs to send it. */
export type WindowTask = z.infer<typeof windowTaskSchema>;

export const toDriverSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), task: windowTaskSchema }),
  z.object({ type: z.literal('abort'), id: z.string() }),
]);
export type ToDriver = z.infer<typeof toDriverSchema>;

const windowEndSchema = z.object({
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  /** Delay of the driver's own event loop, p99 over the window, ms; what it can have added to a stamp. */
  eventLoopDelayP99Ms: z.number(),
});
export type WindowEnd = z.infer<typeof windowEndSchema>;

export const driverTickSchema = z.object({
  atMs: z.number(),
  /** Token events since the last tick, all streams. */
  tokens: z.number(),
  /** Milliseconds since the last tick. */
  spanMs: z.number(),
  ttftsMs: z.array(z.number()),
  /** Requests open now. */
  inFlight: z.number().int(),
});
export type DriverTick = z.infer<typeof driverTickSchema>;

export const fromDriverSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ticked'), id: z.string(), tick: driverTickSchema }),
  /** Requests that ended since the last message, so that a kill loses a moment and not a run. */
  z.object({ type: z.literal('sampled'), id: z.string(), samples: z.array(loadSampleSchema) }),
  z.object({ type: z.literal('done'), id: z.string(), end: windowEndSchema }),
  z.object({ type: z.literal('failed'), id: z.string(), error: errorPayloadSchema }),
]);
export type FromDriver = z.infer<typeof fromDriverSchema>;
