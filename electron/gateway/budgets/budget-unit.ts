import type { Budget } from '../../../shared/contract/budgets.ts';
import type { PriceSheet } from '../../../shared/contract/prices.ts';
import { costPico, PICO_PER_MICRO, type PricedTokens } from '../../../shared/units/token-cost.ts';

/**
 * What tokens take of a budget, in whole units in which sums are exact: tokens, or picos (10⁻¹² of the currency). A model
 * without a price takes nothing of a budget in money; what it used is told apart.
 */
export interface BudgetUnit {
  of(tokens: PricedTokens): bigint;
  /** At most what so many prompt tokens take, whichever of them the cache holds. */
  ofPrompt(tokens: number): bigint;
  /** Of one output token. */
  readonly perOutput: bigint;
}

const tokenUnit: BudgetUnit = {
  of: ({ prompt, cached, output }) => BigInt(prompt + cached + output),
  ofPrompt: BigInt,
  perOutput: 1n,
};

const nothing: BudgetUnit = { of: () => 0n, ofPrompt: () => 0n, perOutput: 0n };

/** @param sheet that holds for the model in the budget's currency, where there is one */
export const unitOf = ({ currency }: Pick<Budget, 'currency'>, sheet: PriceSheet | undefined): BudgetUnit => {
  if (currency === null) return tokenUnit;
  if (sheet === undefined) return nothing;
  return {
    of: (tokens) => costPico(tokens, sheet),
    ofPrompt: (tokens) => BigInt(tokens) * BigInt(Math.max(sheet.promptMicro, sheet.cachedMicro)),
    perOutput: BigInt(sheet.outputMicro),
  };
};

/** The limit in the units of `unitOf`. */
export const limitUnits = ({ currency, limit }: Pick<Budget, 'currency' | 'limit'>): bigint =>
  currency === null ? BigInt(limit) : BigInt(limit) * PICO_PER_MICRO;
