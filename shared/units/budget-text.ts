import type { Budget, BudgetOwner } from '../contract/budgets.ts';
import { formatCount } from './format.ts';
import { formatMicro } from './micro.ts';

/** `tenant research`, `key 4f…`. */
export const budgetOwnerText = (owner: BudgetOwner): string =>
  owner.type === 'key' ? `key ${owner.keyId}` : `tenant ${owner.tenantId}`;

/** An amount of a budget with its unit. @param amount tokens, or millionths of the currency */
export const budgetAmountText = ({ currency }: Pick<Budget, 'currency'>, amount: number): string =>
  currency === null ? `${formatCount(amount)} tokens` : `${formatMicro(amount)} ${currency}`;
