import { budgetKey, type BudgetUse } from '../../../../shared/contract/budgets.ts';
import type { ApiKey, Tenant } from '../../../../shared/contract/keys.ts';
import { budgetAmountText } from '../../../../shared/units/budget-text.ts';
import { formatCounted } from '../../../../shared/units/format.ts';
import { useNow } from '../../../live/use-now.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import accessClasses from '../access/access.module.css';
import { ChangeRemove } from '../access/change-remove.tsx';
import { formatSpan } from '../keys/key-state-text.ts';
import { budgetState, ownerName, shareText } from './budget-words.ts';
import { UseBar } from './use-bar.tsx';

interface BudgetTableProps {
  readonly uses: readonly BudgetUse[];
  readonly tenants: readonly Tenant[];
  readonly keys: readonly ApiKey[];
}

/** Each budget with what is used of it in its window, and where it stands. */
export const BudgetTable = ({ uses, tenants, keys }: BudgetTableProps) => {
  const nowMs = useNow(10_000);
  const nameOf = ({ budget }: BudgetUse): string => ownerName(budget.owner, tenants, keys);
  const columns: readonly Column<BudgetUse>[] = [
    {
      id: 'owner',
      title: 'Of',
      isRowHeader: true,
      render: (use) => (
        <>
          {nameOf(use)}
          <div className={accessClasses.sub}>
            {use.budget.owner.type === 'key'
              ? 'key, its successors and those it made'
              : 'tenant, all its keys'}
          </div>
        </>
      ),
      sortBy: nameOf,
    },
    {
      id: 'window',
      title: 'Window (UTC)',
      render: ({ budget, windowEndMs }) => (
        <>
          {budget.window}
          <div className={`${accessClasses.sub} ${accessClasses.whole}`}>
            anew in {formatSpan(Math.max(0, windowEndMs - nowMs))}
          </div>
        </>
      ),
    },
    {
      id: 'used',
      title: 'Used',
      isNumeric: true,
      render: ({ budget, used, unpricedTokens }) => (
        <>
          <span className={accessClasses.whole}>{budgetAmountText(budget, used)}</span>
          {unpricedTokens === 0 ? null : (
            <div className={accessClasses.sub}>
              and {formatCounted(unpricedTokens, 'token')} without a price
            </div>
          )}
        </>
      ),
    },
    {
      id: 'limit',
      title: 'Budget',
      isNumeric: true,
      render: ({ budget }) => (
        <span className={accessClasses.whole}>{budgetAmountText(budget, budget.limit)}</span>
      ),
    },
    {
      id: 'share',
      title: 'Share',
      render: (use) => <UseBar use={use} label={`${shareText(use)} of the budget of ${nameOf(use)}`} />,
      sortBy: ({ budget, used }) => -used / budget.limit,
    },
    {
      id: 'state',
      title: 'State',
      render: (use) => {
        const { text, tone } = budgetState(use, nowMs);
        return (
          <span className={accessClasses.state} data-tone={tone}>
            {text}
          </span>
        );
      },
    },
    {
      id: 'acts',
      title: '',
      render: (use) => (
        <ChangeRemove
          name={`budget of ${nameOf(use)}, ${use.budget.window}, ${use.budget.currency ?? 'tokens'}`}
          change={{ type: 'edit-budget', budget: use.budget }}
          remove={{ type: 'remove-budget', budget: use.budget, name: nameOf(use) }}
        />
      ),
    },
  ];
  return (
    <DataTable label="Budgets" columns={columns} rows={uses} rowKey={({ budget }) => budgetKey(budget)} />
  );
};
