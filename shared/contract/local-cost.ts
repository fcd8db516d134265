import { z } from 'zod';
import { base, none } from './base.ts';
import { nullableNumber } from './common.ts';
import { amountSchema, currencySchema, MOST_PRICE_MICRO, priceSheetSchema } from './prices.ts';
import { hasMoments, noMoments, spanShape } from './span.ts';
import { usageCostSchema } from './usage.ts';

/** A billion of the currency, in millionths: its sums stay whole numbers. */
const MOST_HARDWARE_MICRO = 1e15;

/** What this machine costs its owner, as the owner set it. */
export const localCostSchema = z.object({
  currency: currencySchema,
  /** Millionths of the currency for a kilowatt-hour. */
  perKwhMicro: z.number().int().min(0).max(MOST_PRICE_MICRO),
  /** Millionths of the currency that the hardware cost; 0 where it is paid for. */
  hardwareMicro: z.number().int().min(0).max(MOST_HARDWARE_MICRO),
  /** Over which it is written off. */
  amortisationYears: z.number().min(0.1).max(50),
  /** Of the day, 0 to 1, in which it is there for this: the price of the hardware falls on these hours. */
  usedShare: z.number().min(0.001).max(1),
  /** What it draws in those hours, where no counter tells; `null`: then there is no figure. */
  assumedWatts: z.number().min(0).max(100_000).nullable().default(null),
});
export type LocalCost = z.infer<typeof localCostSchema>;

/** `measured`: by energy counters; `assumed`: the owner's watts stand for them; `set`: what the owner set, nothing else. */
export const costBasisSchema = z.enum(['measured', 'assumed', 'set']);
export type CostBasis = z.infer<typeof costBasisSchema>;

/** A figure of the model. Never a bill: those are exact, see `amountSchema`. */
export const costFigureSchema = z.object({
  value: nullableNumber,
  /** As `EUR/request`. */
  unit: z.string(),
  /** Requests it is of. */
  n: z.number().int(),
  basis: costBasisSchema.nullable(),
  /** Why there is no value; `null` where there is one. */
  reason: z.string().nullable(),
});
export type CostFigure = z.infer<typeof costFigureSchema>;

const costFiguresSchema = z.object({
  /** Of the hours it is used. */
  perHour: costFigureSchema,
  perRequest: costFigureSchema,
  perThousandOutputTokens: costFigureSchema,
});
export type CostFigures = z.infer<typeof costFiguresSchema>;

/** Energy of a span of the ledger, as far as it was measured. */
export const spanEnergySchema = z.object({
  /** Of the requests that have a figure. */
  requestJoules: z.number(),
  /** How many those are. */
  requests: z.number().int(),
  /** Drawn while the server was on and no request ran. */
  idleJoules: z.number(),
  /** What was read, as `CPU package`. */
  devices: z.array(z.string()),
  /** What is missing in the energy of the newest of them, or all of it; `null` where nothing is. */
  reason: z.string().nullable(),
});
export type SpanEnergy = z.infer<typeof spanEnergySchema>;

/** The tokens of the span at a price sheet, whatever model it is of. */
const sheetComparisonSchema = z.object({
  sheet: priceSheetSchema,
  /** All tokens of the span. */
  amount: amountSchema,
  perRequest: costFigureSchema,
  perThousandOutputTokens: costFigureSchema,
  /** Requests in an hour of use from which on this machine is the cheaper one. */
  breakEvenPerHour: costFigureSchema,
});
export type SheetComparison = z.infer<typeof sheetComparisonSchema>;

/** What the span cost on this machine, beside price sheets of the same currency. */
export const costReportSchema = z.object({
  settings: localCostSchema,
  /** From the hour of the first request in it. */
  fromMs: z.number(),
  toMs: z.number(),
  /** Of the span those the machine is there for this. */
  usedHours: z.number(),
  requests: z.number().int(),
  promptTokens: z.number().int(),
  cachedTokens: z.number().int(),
  outputTokens: z.number().int(),
  measured: spanEnergySchema,
  energy: costFiguresSchema,
  hardware: costFiguresSchema,
  total: costFiguresSchema,
  sheets: z.array(sheetComparisonSchema),
  /** What the rows were priced at when they were written; `null`: none was, in this currency. */
  recorded: usageCostSchema.nullable(),
});
export type CostReport = z.infer<typeof costReportSchema>;

export const costProcedures = {
  /** What the machine costs; `null` until it is set. */
  local: base.route({ method: 'GET', path: '/costs/local' }).input(none).output(localCostSchema.nullable()),
  /** Sets all of it; `null` forgets it. */
  setLocal: base
    .route({ method: 'PUT', path: '/costs/local' })
    .input(z.object({ local: localCostSchema.nullable() }))
    .output(localCostSchema.nullable()),
  /** This machine against price sheets, of whole hours. Of all tenants, so not for who is held to one. */
  report: base
    .route({ method: 'GET', path: '/costs' })
    .input(
      z.object(spanShape).refine(hasMoments, noMoments).default({ fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }),
    )
    .output(costReportSchema),
};
