import type { Budget, BudgetOwner } from '../contract/budgets.ts';
import { formatCounted } from './format.ts';
import { formatMicro } from './micro.ts';

/** `tenant research`, `key 4f…`. */
export const budgetOwnerText = (owner: BudgetOwner): string =>
  owner.type === 'key' ? `key ${owner.keyId}` : `tenant ${owner.tenantId}`;

/** An amount of a budget with its unit. @param amount tokens, or millionths of the currency */
export const budgetAmountText = ({ currency }: Pick<Budget, 'currency'>, amount: number): string =>
  currency === null ? formatCounted(amount, 'token') : `${formatMicro(amount)} ${currency}`;

/** What an alert says: `80 % of the budget of tenant lab (1,000 tokens in a calendar month) is used.` */
export const alertTitle = (budget: Budget, percent: number): string =>
  `${percent} % of the budget of ${budgetOwnerText(budget.owner)} (${budgetAmountText(budget, budget.limit)} in a calendar ${budget.window}) is used.`;

/** What follows from it. */
export const alertDetail = (budget: Budget, percent: number, windowEndMs: number): string => {
  const until = new Date(windowEndMs).toISOString().slice(0, 16).replace('T', ' ');
  if (percent < 100) return `It begins anew at ${until} UTC.`;
  return budget.isEnforced
    ? `Its requests are refused with insufficient_quota until ${until} UTC.`
    : `Nothing is refused: it is only told. It begins anew at ${until} UTC.`;
};
