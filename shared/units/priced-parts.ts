import type { PricedDay, PriceSheet, StatementLine, UsageDay } from '../contract/prices.ts';
import { pricedTokensOf } from './price-usage.ts';
import { priceOf, type PricedTokens } from './token-cost.ts';

/** Tokens of one model at the prices of one sheet. */
export interface PricedPart {
  readonly model: string;
  readonly tokens: PricedTokens;
  readonly sheet: PriceSheet | undefined;
  readonly basis: StatementLine['basis'];
}

const without = (all: PricedTokens, some: PricedTokens): PricedTokens => ({
  prompt: all.prompt - some.prompt,
  cached: all.cached - some.cached,
  output: all.output - some.output,
});

/** What was priced when it was written stays so; the rest of each day is priced by the sheets of now. */
export const partsOf = (
  days: readonly UsageDay[],
  priced: readonly PricedDay[],
  sheets: readonly PriceSheet[],
): readonly PricedPart[] => [
  ...priced.map((day): PricedPart => ({
    model: day.model,
    tokens: pricedTokensOf(day),
    sheet: day.sheet,
    basis: 'recorded',
  })),
  ...days.map((day): PricedPart => {
    const sheet = priceOf(sheets, day.model, day.day);
    const tokens = priced
      .filter((each) => each.model === day.model && each.day === day.day)
      .reduce((rest, each) => without(rest, pricedTokensOf(each)), pricedTokensOf(day));
    return { model: day.model, tokens, sheet, basis: sheet === undefined ? null : 'later' };
  }),
];
