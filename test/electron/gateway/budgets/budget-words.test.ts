import { expect, it } from 'vitest';
import type { BudgetState } from '../../../../electron/gateway/budgets/budget-book.ts';
import { limitUnits } from '../../../../electron/gateway/budgets/budget-unit.ts';
import { budgetHeader } from '../../../../electron/gateway/budgets/budget-words.ts';
import { budgetSchema, type Budget } from '../../../../shared/contract/budgets.ts';

const stateOf = (given: Partial<Budget>, used: bigint, held = 0n): BudgetState => {
  const budget = budgetSchema.parse({
    owner: { type: 'key', keyId: 'k' },
    window: 'day',
    limit: 100,
    ...given,
  });
  return { budget, limit: limitUnits(budget), used, held, endMs: 90_500 };
};

it('says what is left of the budget with the smallest share left, whatever its unit', () => {
  const tokens = stateOf({ limit: 100 }, 60n, 10n); // 30 left, which is 30 %
  const money = stateOf({ window: 'hour', currency: 'EUR', limit: 2_500_000 }, 2_000_000_000_000n); // 20 %
  expect(budgetHeader([tokens, money], 30_000)).toBe(
    'key;window=hour;unit=EUR;limit=2.500000;remaining=0.500000;reset=61',
  );
  expect(budgetHeader([tokens], 30_000)).toBe('key;window=day;unit=tokens;limit=100;remaining=30;reset=61');
});

it('says that none is left of one that was lowered below what is used, and that its window is over, never less', () => {
  expect(budgetHeader([stateOf({ limit: 100 }, 160n)], 95_000)).toBe(
    'key;window=day;unit=tokens;limit=100;remaining=0;reset=0',
  );
  expect(budgetHeader([], 0)).toBeUndefined();
});
