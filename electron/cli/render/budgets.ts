import type { Budget, BudgetUse } from '../../../shared/contract/budgets.ts';
import { budgetAmountText, budgetOwnerText } from '../../../shared/units/budget-text.ts';
import { formatCounted } from '../../../shared/units/format.ts';
import { renderTable } from './table.ts';

const alertText = ({ alerts }: BudgetUse): string =>
  alerts.length === 0 ? '' : alerts.map(({ percent }) => `${percent} %`).join(', ');

const timeText = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

export const budgetText = (budget: Budget): string =>
  `${budgetOwnerText(budget.owner)}: ${budgetAmountText(budget, budget.limit)} in a calendar ${budget.window}${
    budget.isEnforced ? '' : ', only told'
  }`;

export const renderBudgets = (uses: readonly BudgetUse[]): string => {
  if (uses.length === 0) return 'No budgets are set.';
  const table = renderTable<BudgetUse>(
    [
      { head: 'of', cell: ({ budget }) => budgetOwnerText(budget.owner) },
      { head: 'window', cell: ({ budget }) => budget.window },
      { head: 'used', align: 'right', cell: ({ budget, used }) => budgetAmountText(budget, used) },
      { head: 'budget', align: 'right', cell: ({ budget }) => budgetAmountText(budget, budget.limit) },
      {
        head: 'share',
        align: 'right',
        cell: ({ budget, used }) => `${((100 * used) / budget.limit).toFixed(1)} %`,
      },
      { head: 'past it', cell: ({ budget }) => (budget.isEnforced ? 'refused' : 'only told') },
      { head: 'told at', cell: alertText },
      { head: 'until (UTC)', cell: ({ windowEndMs }) => timeText(windowEndMs) },
    ],
    uses,
  );
  const unpriced = uses.filter(({ unpricedTokens }) => unpricedTokens > 0);
  return [
    table,
    ...unpriced.map(
      ({ budget, unpricedTokens }) =>
        `Not counted: ${formatCounted(unpricedTokens, 'token')} of ${budgetOwnerText(budget.owner)} in this ${budget.window}, for their models have no price in ${budget.currency ?? ''}.`,
    ),
  ].join('\n');
};
