import { z } from 'zod';

/** Repeated measurements by their middle and ends. */
export const spreadSchema = z.object({
  median: z.number(),
  min: z.number(),
  max: z.number(),
  n: z.number().int(),
});
export type Spread = z.infer<typeof spreadSchema>;

export const forecastInputSchema = z.object({
  /** A shape, a model (id or path), or an address, as for `synth.plan`. Nothing is downloaded but a header. */
  source: z.string().min(1),
  type: z.string().optional(),
  /** Tokens in the cache before the one that is decoded. */
  depth: z.coerce.number<number>().int().min(0).default(0),
  /** Measures memory and kernels anew instead of taking what this machine measured before. */
  refresh: z.boolean().default(false),
});
export type ForecastInput = z.input<typeof forecastInputSchema>;

/** A figure of a benchmark of this very model here, and how far the forecast is from it. */
export const checkedSpeedSchema = z.object({
  runId: z.string(),
  /** `tg128@d4096`. */
  test: z.string(),
  tokensPerSecond: z.number(),
  /** Of the measured value; above 0 the forecast was too high. */
  errorPercent: z.number(),
});
export type CheckedSpeed = z.infer<typeof checkedSpeedSchema>;

/**
 * Forecast against the newest benchmarks that measured the same: one sequence, on the processor alone, with an F16 cache and
 * the threads Dyno chooses; decode at the same depth, prefill at depth 0.
 */
export const forecastCheckSchema = z.object({
  decode: checkedSpeedSchema.nullable(),
  prefill: checkedSpeedSchema.nullable(),
  /** Depths at which decode was measured, where it was not at the one that was asked for. */
  otherDepths: z.array(z.number().int()),
});
export type ForecastCheck = z.infer<typeof forecastCheckSchema>;

export const speedForecastSchema = z.object({
  source: z.string(),
  name: z.string(),
  type: z.string(),
  sizeBytes: z.number(),
  /** Read for every token: active weights. */
  weightBytesPerToken: z.number(),
  /** Read besides, at `depth`. */
  kvBytes: z.number(),
  depth: z.number().int(),
  /** Main memory read by all cores together, bytes per second. The forecast takes the best round. */
  bandwidth: spreadSchema,
  bandwidthProcesses: z.number().int(),
  /** One sequence, tokens per second. */
  decodeTps: z.number(),
  prefillTps: z.number(),
  /** Of the kernels of the main tensor type, from runs on a small synthetic model; operations per second in prefill. */
  kernels: spreadSchema.extend({
    tensorType: z.string(),
    backend: z.string(),
    /** The same of one token at a time: the bound of types whose unpacking costs more than the memory. */
    decode: spreadSchema,
  }),
  check: forecastCheckSchema,
});
export type SpeedForecast = z.infer<typeof speedForecastSchema>;
