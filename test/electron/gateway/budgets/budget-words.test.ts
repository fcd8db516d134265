import { expect, it } from 'vitest';
import type { BudgetState } from '../../../../electron/gateway/budgets/budget-book.ts';
import { limitUnits } from '../../../../electron/gateway/budgets/budget-unit.ts';
import { budgetHeader, budgetRefusal } from '../../../../electron/gateway/budgets/budget-words.ts';
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

it.each([
  [
    'spent',
    26n,
    0n,
    '26 tokens are used: the 4 tokens left until the window ends are less than this request needs.',
  ],
  ['spent', 30n, 0n, '30 tokens are used: nothing is left until the window ends.'],
  ['spent', 40n, 2n, '40 tokens are used, 2 tokens held: nothing is left until the window ends.'],
  [
    'held',
    10n,
    16n,
    '10 tokens are used, 16 tokens held: less than this request needs is left while the answers run that hold them.',
  ],
] as const)(
  'says of a budget that is %s, %i used and %i held of 30, what is true of it',
  (reason, used, held, words) => {
    const refused = budgetRefusal({
      type: 'refused',
      reason,
      by: stateOf({ limit: 30 }, used, held),
      waitMs: 1500,
    });
    expect(refused).toMatchObject({
      code: 'gateway.insufficient-quota',
      message: `The budget of the key is 30 tokens in a calendar day (UTC); ${words}`,
      hint: 'Try again in 2 s, or ask for a larger budget.',
    });
  },
);

it('says of a request that no window has room for that it passes the budget by itself', () => {
  const by = stateOf({ currency: 'EUR', limit: 2_500_000 }, 0n);
  expect(budgetRefusal({ type: 'refused', reason: 'too-large', by, waitMs: Infinity })).toMatchObject({
    code: 'gateway.payload-too-large',
    message:
      'The budget of the key is 2.500000 EUR in a calendar day (UTC); this request would pass it by itself.',
  });
});

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
