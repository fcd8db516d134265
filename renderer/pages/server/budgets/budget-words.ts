import type { BudgetOwner, BudgetUse } from '../../../../shared/contract/budgets.ts';
import type { ApiKey, Tenant } from '../../../../shared/contract/keys.ts';
import { budgetOwnerText } from '../../../../shared/units/budget-text.ts';
import { formatFigure } from '../../../../shared/units/format.ts';
import { formatSpan } from '../keys/key-state-text.ts';

/** Whose it is, by name where it is known. */
export const ownerName = (owner: BudgetOwner, tenants: readonly Tenant[], keys: readonly ApiKey[]): string =>
  (owner.type === 'tenant'
    ? tenants.find(({ id }) => id === owner.tenantId)?.name
    : keys.find(({ id }) => id === owner.keyId)?.name) ?? budgetOwnerText(owner);

export interface BudgetState {
  readonly text: string;
  readonly tone: 'good' | 'warn' | 'bad';
}

/** Where a budget stands, in words: `room`, `82 % used`, `used up: requests are refused for 3 h`. */
export const budgetState = ({ budget, used, alerts, windowEndMs }: BudgetUse, nowMs: number): BudgetState => {
  const share = used / budget.limit;
  if (share >= 1) {
    const left = formatSpan(Math.max(0, windowEndMs - nowMs));
    return budget.isEnforced
      ? { text: `used up: requests are refused for ${left}`, tone: 'bad' }
      : { text: 'past it; only told', tone: 'warn' };
  }
  const told = Math.max(0, ...alerts.map(({ percent }) => percent));
  return told > 0
    ? { text: `past ${told} %, which was told`, tone: 'warn' }
    : { text: 'has room', tone: 'good' };
};

/** A share of a budget in percent. */
export const shareText = ({ budget, used }: BudgetUse): string =>
  `${formatFigure((100 * used) / budget.limit)} %`;
