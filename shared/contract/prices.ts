import { z } from 'zod';
import { base, none } from './base.ts';
import { tierCountsSchema } from './cache-tier.ts';
import { energySumSchema } from './usage-energy.ts';

/** ISO 4217 letters. */
export const currencySchema = z.string().regex(/^[A-Z]{3}$/u, 'It must be three letters, as EUR.');
/** A thousand whole ones. */
export const MOST_PRICE_MICRO = 1_000_000_000;
/** Millionths of the currency for a million tokens. Never a float: sums must add up. */
const priceSchema = z.number().int().min(0).max(MOST_PRICE_MICRO);

/** Price of a model, or of all whose name begins as `model` does before a last `*`, from a day (UTC) on. */
export const priceSheetSchema = z.object({
  model: z
    .string()
    .min(1)
    .regex(/^[^*]*\*?$/u, 'A * may only come last.'),
  currency: currencySchema,
  fromDay: z.iso.date(),
  promptMicro: priceSchema,
  /** Of prompt tokens that the cache held. */
  cachedMicro: priceSchema,
  /** Reasoning tokens are among them. */
  outputMicro: priceSchema,
});
export type PriceSheet = z.infer<typeof priceSheetSchema>;
const priceIdSchema = priceSheetSchema.pick({ model: true, currency: true, fromDay: true });
export type PriceId = z.infer<typeof priceIdSchema>;

/**
 * Money, exactly: a decimal of the currency with all twelve places. Tokens × the price of a million have no more, so
 * sums of it are exact, too; it is rounded where it is shown, or billed.
 */
export const amountSchema = z.string().regex(/^\d+\.\d{12}$/u);

/** What one request cost in a currency, with the sheet as it was then. */
export const rowCostSchema = z.object({
  currency: currencySchema,
  amount: amountSchema,
  sheet: priceSheetSchema.omit({ currency: true }),
});
export type RowCost = z.infer<typeof rowCostSchema>;

const tokenKindSchema = z.enum(['prompt', 'cached', 'output']);
export type TokenKind = z.infer<typeof tokenKindSchema>;

/** Tokens of a kind of a model at one price. `null` prices: no sheet held for them. */
const statementLineSchema = z.object({
  model: z.string(),
  kind: tokenKindSchema,
  tokens: z.number().int(),
  microPerMillion: priceSchema.nullable(),
  /** The sheet: its pattern and its first day. */
  sheet: z.object({ model: z.string(), fromDay: z.string() }).nullable(),
  amountMicro: z.number().int().nullable(),
  /** `recorded`: priced when it was written, and so for good; `later`: by a sheet of now that was not there then. */
  basis: z.enum(['recorded', 'later']).nullable(),
});
export type StatementLine = z.infer<typeof statementLineSchema>;

const statementInputSchema = z.object({
  tenantId: z.string(),
  /** One key of it; all where it is left out. */
  keyId: z.string().optional(),
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/u, 'It must be a month, as 2026-11.'),
  currency: currencySchema,
});
export type StatementInput = z.infer<typeof statementInputSchema>;

const statementSchema = statementInputSchema.omit({ keyId: true }).extend({
  tenantName: z.string(),
  keyId: z.string().nullable(),
  keyName: z.string().nullable(),
  /** Prices may have changed since. */
  madeAtMs: z.number(),
  requests: z.number().int(),
  errors: z.number().int(),
  tiers: tierCountsSchema,
  energy: energySumSchema,
  lines: z.array(statementLineSchema),
  /** Of the lines as they stand, so that it adds up by hand. */
  totalMicro: z.number().int(),
  /** Tokens of lines without a price; above 0 the total is not the whole. */
  unpricedTokens: z.number().int(),
});
export type Statement = z.infer<typeof statementSchema>;

/** A day's tokens of a model, from the sums by the hour. */
export const usageDaySchema = z.object({
  day: z.string(),
  model: z.string(),
  requests: z.number(),
  errors: z.number(),
  promptTokens: z.number(),
  cachedTokens: z.number(),
  outputTokens: z.number(),
  tiers: tierCountsSchema,
  energy: energySumSchema,
});
export type UsageDay = z.infer<typeof usageDaySchema>;

/** A day's tokens of a model that were priced when they were written, by the sheet of then. */
export interface PricedDay {
  readonly day: string;
  readonly model: string;
  readonly sheet: PriceSheet;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

export const priceProcedures = {
  list: base.route({ method: 'GET', path: '/prices' }).input(none).output(z.array(priceSheetSchema)),
  /** Replaces the sheet of the same model, currency and day. */
  set: base.route({ method: 'PUT', path: '/prices' }).input(priceSheetSchema).output(priceSheetSchema),
  remove: base
    .route({ method: 'POST', path: '/prices/remove' })
    .input(priceIdSchema)
    .output(priceSheetSchema),
  /** What a tenant used in a month (UTC) at the prices it was written with. Who is held to a tenant sees its own. */
  statement: base
    .route({ method: 'GET', path: '/prices/statement' })
    .input(statementInputSchema)
    .output(statementSchema),
};
