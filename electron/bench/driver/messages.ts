import { z } from 'zod';
import { requestSampleSchema } from '../../../shared/contract/bench.ts';
import { errorPayloadSchema } from '../../../shared/contract/common.ts';

/** What host and driver say to each other; parsed on arrival on both sides. */

const driverRequestSchema = z.object({
  index: z.number().int(),
  stream: z.number().int(),
  promptTokens: z.number().int(),
  outputTokens: z.number().int(),
  prompt: z.string(),
});
export type DriverRequest = z.infer<typeof driverRequestSchema>;

const windowTaskSchema = z.object({
  id: z.string(),
  target: z.object({
    /** With `/v1`. */
    baseUrl: z.string(),
    apiKey: z.string(),
    modelName: z.string(),
    /** `completion` for models without a chat template. */
    route: z.enum(['chat', 'completion']),
  }),
  profile: z.object({
    name: z.string(),
    parameters: z.record(z.string(), z.unknown()),
    contextSize: z.number().int(),
  }),
  requests: z.array(driverRequestSchema),
  repetition: z.number().int(),
  isWarmup: z.boolean(),
  seed: z.number().int(),
  /** A stream that is silent for this long has failed. */
  idleTimeoutMs: z.number(),
});
/** One repetition of an API test: everything the driver needs to send it. */
export type WindowTask = z.infer<typeof windowTaskSchema>;

export const toDriverSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), task: windowTaskSchema }),
  z.object({ type: z.literal('abort'), id: z.string() }),
]);
export type ToDriver = z.infer<typeof toDriverSchema>;

const windowResultSchema = z.object({
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  samples: z.array(requestSampleSchema),
  /** Delay of the driver's own event loop, p99 over the window, ms; what it can have added to a stamp. */
  eventLoopDelayP99Ms: z.number(),
});
export type WindowResult = z.infer<typeof windowResultSchema>;

export const driverTickSchema = z.object({
  atMs: z.number(),
  /** Token events since the last tick, all streams. */
  tokens: z.number(),
  /** Milliseconds since the last tick. */
  spanMs: z.number(),
  ttftsMs: z.array(z.number()),
});
export type DriverTick = z.infer<typeof driverTickSchema>;

export const fromDriverSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ticked'), id: z.string(), tick: driverTickSchema }),
  z.object({ type: z.literal('done'), id: z.string(), result: windowResultSchema }),
  z.object({ type: z.literal('failed'), id: z.string(), error: errorPayloadSchema }),
]);
export type FromDriver = z.infer<typeof fromDriverSchema>;
