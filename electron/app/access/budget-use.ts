import type { Budget } from '../../../shared/contract/budgets.ts';
import type { PricedDay, PriceSheet, UsageDay } from '../../../shared/contract/prices.ts';
import { partsOf } from '../../../shared/units/priced-parts.ts';
import { costPico } from '../../../shared/units/token-cost.ts';

export interface BudgetAmount {
  /** Tokens, or picos of the currency. */
  readonly used: bigint;
  /** Tokens of models without a price, of a budget in money. */
  readonly unpricedTokens: number;
}

/**
 * What a budget's owner used: tokens, or what a statement of them would come to, unrounded.
 * @param priced in the budget's currency @param sheets of the budget's currency
 */
export const usedOf = (
  { currency }: Pick<Budget, 'currency'>,
  { days, priced }: { readonly days: readonly UsageDay[]; readonly priced: readonly PricedDay[] },
  sheets: readonly PriceSheet[],
): BudgetAmount => {
  if (currency === null) {
    const tokens = days.reduce((sum, day) => sum + day.promptTokens + day.outputTokens, 0);
    return { used: BigInt(tokens), unpricedTokens: 0 };
  }
  let used = 0n;
  let unpricedTokens = 0;
  for (const { tokens, sheet } of partsOf(days, priced, sheets)) {
    if (sheet === undefined) unpricedTokens += tokens.prompt + tokens.cached + tokens.output;
    else used += costPico(tokens, sheet);
  }
  return { used, unpricedTokens };
};
