import { z } from 'zod';
import { base } from './base.ts';
import { cacheTierSchema, tierCountsSchema } from './cache-tier.ts';
import { nullableNumber } from './common.ts';
import { amountSchema, currencySchema, rowCostSchema } from './prices.ts';
import { hasMoments, noMoments, spanShape } from './span.ts';
import { energySumSchema, rowEnergySchema } from './usage-energy.ts';

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
  /**
   * SHA-256 of the model file that answered; `null` until it is computed, and where no model is named or the file was
   * changed before it could be read.
   */
  modelSha256: z.string().nullable(),
  quantization: z.string(),
  /** LoRA adapters at work, `<SHA-256>*<scale>` parted by spaces. */
  adapters: z.string().default(''),
  /** The engine that worked on it, or several parted by spaces; `null` where none did: refused before, or a kept answer. */
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
  /** At the sheets that held when the row was written, one per currency; `null` in rows of before it was kept. */
  costs: z.array(rowCostSchema).nullable().default(null),
  /** `null` in rows of before it was kept. */
  energy: rowEnergySchema.nullable().default(null),
});
export type UsageRow = z.infer<typeof usageRowSchema>;
/** A row as it is kept: with the name of the file's content (`identifyModel`), under which its hash is told, also later. */
export interface WrittenRow extends UsageRow {
  /** Left out in rows of before it was kept. */
  readonly modelFile?: string | null;
}
/** What the gateway tells; the ledger adds what it cost and drew. */
export type UsageEntry = Omit<WrittenRow, 'costs' | 'energy'>;

export const usageGroups = ['key', 'tenant', 'project', 'model', 'hour', 'day', 'month'] as const;
export const usageGroupSchema = z.enum(usageGroups);
export type UsageGroup = z.infer<typeof usageGroupSchema>;

export const usageSumInputSchema = z
  .object({ ...spanShape, by: usageGroupSchema.default('key') })
  .refine(hasMoments, noMoments)
  .default({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, by: 'key' });
export type UsageSumInput = z.output<typeof usageSumInputSchema>;

/** What a group's requests came to in a currency, as they were priced when they were written. */
export const usageCostSchema = z.object({
  currency: currencySchema,
  /** Exact: the sum of the rows. */
  amount: amountSchema,
  /** Those that a sheet held for. */
  requests: z.number(),
  /** Of the group's prompt and output tokens those without a price; above 0 the amount is not the whole. */
  unpricedTokens: z.number(),
});
export type UsageCost = z.infer<typeof usageCostSchema>;

/** A group of the hourly roll-ups. `group`: an id, or the beginning of the hour, day or month as ISO text. */
export const usageSumSchema = z.object({
  group: z.string(),
  requests: z.number(),
  errors: z.number(),
  promptTokens: z.number(),
  cachedTokens: z.number(),
  outputTokens: z.number(),
  tiers: tierCountsSchema,
  energy: energySumSchema,
  /** None of a currency: no sheet of it held for any request of the group, which is then not priced, never free. */
  costs: z.array(usageCostSchema),
});
export type UsageSum = z.infer<typeof usageSumSchema>;

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
        .refine(hasMoments, noMoments)
        .default({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 10_000 }),
    )
    .output(z.array(usageRowSchema)),
};
