import { z } from 'zod';
import { nullableNumber } from './common.ts';

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

/** Forecast against what a benchmark of this very model measured here; percent of the measured value. */
export const forecastCheckSchema = z.object({
  runId: z.string(),
  decodeTps: nullableNumber,
  decodeErrorPercent: nullableNumber,
  prefillTps: nullableNumber,
  prefillErrorPercent: nullableNumber,
});

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
  /** The newest benchmark of this model on this machine; `null` before one. */
  check: forecastCheckSchema.nullable(),
});
export type SpeedForecast = z.infer<typeof speedForecastSchema>;
