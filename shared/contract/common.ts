import { z } from 'zod';

/** A number that may be unknown. `null` comes with a reason beside it; never 0 for unknown. */
export const nullableNumber = z.number().nullable();

/** A boolean that REST brings as text in the query. */
export const queryFlagSchema = z.union([z.boolean(), z.stringbool()]);

/** SHA-256 in lower-case hex. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

export const errorPayloadSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/** A value with its spread: median over `n` repetitions and its 95 % CI where n allows one. */
export const estimateSchema = z.object({
  median: z.number(),
  /** Bounds of the 95 % CI of the median; `null` when n < 6, see docs/metrics.md. */
  ciLow: nullableNumber,
  ciHigh: nullableNumber,
  min: z.number(),
  max: z.number(),
  /** Standard deviation over mean; `null` for n < 2. */
  cv: nullableNumber,
  n: z.number().int().nonnegative(),
});
export type Estimate = z.infer<typeof estimateSchema>;

/** Long actions are jobs: they have progress, an ETA, cancel, and survive the page that started them. */
export const jobStateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('queued') }),
  z.object({
    type: z.literal('running'),
    /** 0..1, or `null` while the total is unknown. */
    fraction: nullableNumber,
    /** Milliseconds until the end, `null` while unknown. */
    etaMs: nullableNumber,
    note: z.string(),
  }),
  z.object({ type: z.literal('paused'), fraction: nullableNumber, note: z.string() }),
  z.object({ type: z.literal('done'), resultId: z.string().nullable() }),
  z.object({ type: z.literal('failed'), error: errorPayloadSchema }),
  z.object({ type: z.literal('cancelled') }),
  /** The host process ended while the job ran; `resume` may be possible. */
  z.object({ type: z.literal('interrupted') }),
]);
export type JobState = z.infer<typeof jobStateSchema>;

export const jobKindSchema = z.enum([
  'quantize',
  'imatrix',
  'synth',
  'download',
  'import',
  'hash',
  'bench',
  'sweep',
  'load',
  'quality',
  'quality-pack',
]);

export const jobSchema = z.object({
  id: z.string(),
  kind: jobKindSchema,
  title: z.string(),
  startedAtMs: z.number(),
  endedAtMs: nullableNumber,
  state: jobStateSchema,
});
export type Job = z.infer<typeof jobSchema>;
