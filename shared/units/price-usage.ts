import type { PriceSheet, RowCost } from '../contract/prices.ts';
import type { UsageEntry } from '../contract/usage.ts';
import { formatPico } from './micro.ts';
import { costPico, priceOf, type PricedTokens } from './token-cost.ts';

/** Tokens of a request, of a day or of a sum by what they cost. */
export const pricedTokensOf = (used: {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}): PricedTokens => ({
  prompt: used.promptTokens - used.cachedTokens,
  cached: used.cachedTokens,
  output: used.outputTokens,
});

/**
 * What requests cost, in every currency that has a sheet for their model on the day (UTC) they arrived. Made for the
 * rows of one writing: which sheet holds is looked up once for each model and day of them.
 */
export const createPricing = (sheets: readonly PriceSheet[]): ((entry: UsageEntry) => readonly RowCost[]) => {
  const byCurrency = [...Map.groupBy(sheets, ({ currency }) => currency).values()];
  const known = new Map<string, readonly PriceSheet[]>();
  const holding = (model: string, day: string): readonly PriceSheet[] => {
    const key = `${day} ${model}`;
    const found = known.get(key) ?? byCurrency.flatMap((ofOne) => priceOf(ofOne, model, day) ?? []);
    known.set(key, found);
    return found;
  };
  return (entry) =>
    holding(entry.model, new Date(entry.atMs).toISOString().slice(0, 10)).map(({ currency, ...sheet }) => ({
      currency,
      amount: formatPico(costPico(pricedTokensOf(entry), sheet)),
      sheet,
    }));
};
