import { z } from 'zod';
import { nullableNumber } from './common.ts';
import { telemetrySampleSchema } from './hardware.ts';

/** A point of the live page; not a result. Several per second while a cell runs. */
export const benchTickSchema = z.object({
  atMs: z.number(),
  cellId: z.string(),
  /** Tokens per second over the last tick, all streams. */
  tokensPerSecond: nullableNumber,
  /** TTFTs that fell into this tick, ms. */
  ttftsMs: z.array(z.number()),
  residentBytes: nullableNumber,
});
export type BenchTick = z.infer<typeof benchTickSchema>;

export const timelinePointSchema = z.object({
  tick: benchTickSchema.nullable(),
  telemetry: telemetrySampleSchema.nullable(),
});
export type TimelinePoint = z.infer<typeof timelinePointSchema>;
