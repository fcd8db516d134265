import { oc } from '@orpc/contract';
import { z } from 'zod';
import { contractErrors } from '../errors/contract-errors.ts';
import { nullableNumber } from './common.ts';

/**
 * Where an answer came from: `prefix`, prompt tokens that the engine's KV cache still held; `exact`, the kept answer to
 * the very same request, no engine at work. A tier that comes later is added to this list.
 */
export const cacheTierSchema = z.enum(['none', 'prefix', 'exact']);
export type CacheTier = z.infer<typeof cacheTierSchema>;

/** One attempt of a request to a model. Written once, never changed; prompts and answers are not in it. */
export const usageRowSchema = z.object({
  /** Its `x-request-id`; a second row under the same id is not taken. */
  requestId: z.string(),
  /** When it arrived, wall clock. */
  atMs: z.number(),
  route: z.string(),
  keyId: z.string(),
  keyName: z.string(),
  tenantId: z.string(),
  projectId: z.string(),
  /** Empty where the request was refused before its model was known. */
  model: z.string(),
  /** SHA-256 of the model file; `null` while it was never computed. */
  modelSha256: z.string().nullable(),
  quantization: z.string(),
  /** `null` where several engines serve the model. */
  replicaId: z.string().nullable(),
  promptTokens: z.number(),
  cachedTokens: z.number(),
  /** `null` in rows of before it was kept. */
  cacheTier: cacheTierSchema.nullable().default(null),
  reasoningTokens: z.number(),
  outputTokens: z.number(),
  queueMs: nullableNumber,
  ttftMs: nullableNumber,
  totalMs: nullableNumber,
  finishReason: z.string().nullable(),
  errorCode: z.string().nullable(),
  /** What a saturated server did with it, parted by spaces; see docs/limits.md. */
  degraded: z.string().default(''),
});
export type UsageRow = z.infer<typeof usageRowSchema>;

export const usageGroups = ['key', 'tenant', 'project', 'model', 'hour', 'day', 'month'] as const;
export const usageGroupSchema = z.enum(usageGroups);
export type UsageGroup = z.infer<typeof usageGroupSchema>;

/** From `fromMs` to before `toMs`, by whole hours (UTC) in sums. */
const spanShape = {
  fromMs: z.coerce.number<number>().default(0),
  toMs: z.coerce.number<number>().default(Number.MAX_SAFE_INTEGER),
};
export const usageSumInputSchema = z
  .object({ ...spanShape, by: usageGroupSchema.default('key') })
  .default({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, by: 'key' });
export type UsageSumInput = z.output<typeof usageSumInputSchema>;

/** Requests by cache tier; those of before it was kept are in none of them. */
export const tierCountsSchema = z.record(cacheTierSchema, z.number());
export type TierCounts = z.infer<typeof tierCountsSchema>;

/** A group of the hourly roll-ups. `group`: an id, or the beginning of the hour, day or month as ISO text. */
export const usageSumSchema = z.object({
  group: z.string(),
  requests: z.number(),
  errors: z.number(),
  promptTokens: z.number(),
  cachedTokens: z.number(),
  outputTokens: z.number(),
  tiers: tierCountsSchema,
});
export type UsageSum = z.infer<typeof usageSumSchema>;

const base = oc.errors(contractErrors);

export const usageProcedures = {
  /** What was used, by whom or when. Who is held to a tenant sees its own. */
  sum: base
    .route({ method: 'GET', path: '/usage' })
    .input(usageSumInputSchema)
    .output(z.array(usageSumSchema)),
  /** The rows themselves, oldest first. */
  rows: base
    .route({ method: 'GET', path: '/usage/rows' })
    .input(
      z
        .object({
          ...spanShape,
          limit: z.coerce.number<number>().int().min(1).max(1_000_000).default(10_000),
        })
        .default({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 10_000 }),
    )
    .output(z.array(usageRowSchema)),
};
