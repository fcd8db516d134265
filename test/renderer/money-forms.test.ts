import { describe, expect, it } from 'vitest';
import {
  budgetFormOf,
  emptyBudgetForm,
  readBudgetForm,
} from '../../renderer/pages/server/budgets/budget-form.ts';
import { budgetState } from '../../renderer/pages/server/budgets/budget-words.ts';
import { localCostFormOf, readLocalCostForm } from '../../renderer/pages/server/costs/local-cost-form.ts';
import { emptyPriceForm, priceFormOf, readPriceForm } from '../../renderer/pages/server/costs/price-form.ts';
import {
  noChoice,
  recentMonths,
  statementInput,
} from '../../renderer/pages/server/costs/statement-choice.ts';
import { costSeries, costTotals } from '../../renderer/pages/server/usage/usage-cost.ts';
import { budgetSchema, type Budget, type BudgetUse } from '../../shared/contract/budgets.ts';
import { priceSheet } from '../support/price-sheet.ts';

const fieldsOf = (read: ReturnType<typeof readPriceForm>) =>
  read.type === 'ready' ? {} : Object.fromEntries(Object.entries(read.fields).sort());
const BAD_PRICE = 'A price up to 1000 with at most six decimals, as 0.25';

describe('the form of a price', () => {
  const filled = {
    ...emptyPriceForm('2026-11-25', 'eur'),
    model: ' demo ',
    prompt: '0.25',
    output: '1000',
  };

  it('becomes millionths of the currency, the cached at the price of the prompt unless given', () => {
    expect(readPriceForm(filled)).toEqual({
      type: 'ready',
      input: priceSheet({ fromDay: '2026-11-25', cachedMicro: 250_000, outputMicro: 1_000_000_000 }),
    });
    const sheet = priceSheet();
    expect(readPriceForm(priceFormOf(sheet))).toEqual({ type: 'ready', input: sheet });
  });

  it('says what is wrong beside each field, and blames an empty price of the cached for nothing', () => {
    expect(fieldsOf(readPriceForm(emptyPriceForm('', 'EURO')))).toEqual({
      currency: 'It must be three letters, as EUR.',
      fromDay: 'Say from which day on',
      model: 'Name a model, or * for all',
      outputMicro: BAD_PRICE,
      promptMicro: BAD_PRICE,
    });
    expect(fieldsOf(readPriceForm({ ...filled, output: '1000.000001', cached: '0,1' }))).toEqual({
      cachedMicro: BAD_PRICE,
      outputMicro: BAD_PRICE,
    });
    expect(fieldsOf(readPriceForm({ ...filled, model: '*x' }))).toEqual({ model: 'A * may only come last.' });
  });
});

describe('what a statement is of', () => {
  const nowMs = Date.UTC(2026, 0, 31, 23);
  const offered = { tenantIds: ['lab', 'den'], currencies: ['EUR'], nowMs };

  it('is the first tenant, this month and the first currency until something is chosen', () => {
    expect(statementInput(noChoice, offered)).toEqual({ tenantId: 'lab', month: '2026-01', currency: 'EUR' });
    expect(statementInput({ ...noChoice, tenantId: 'den', keyId: 'k' }, offered)).toMatchObject({
      tenantId: 'den',
      keyId: 'k',
    });
    expect(statementInput(noChoice, { ...offered, currencies: [] })).toBeUndefined();
  });

  it('may be each of 24 months back, over the turn of years', () => {
    const months = recentMonths(nowMs);
    expect([months[0], months[1]?.value, months.at(-1)?.value, months.length]).toEqual([
      { value: '2026-01', label: 'January 2026' },
      '2025-12',
      '2024-02',
      24,
    ]);
  });
});

describe('the form of what the machine costs', () => {
  it('becomes what the host keeps, and back', () => {
    const input = {
      currency: 'EUR',
      perKwhMicro: 320_000,
      hardwareMicro: 2_400_000_000,
      amortisationYears: 4,
      usedShare: 0.33,
      assumedWatts: null,
    };
    const form = { ...localCostFormOf(null), perKwh: '0.32', hardware: '2400' };
    expect(readLocalCostForm(form)).toEqual({ type: 'ready', input });
    expect(localCostFormOf(input)).toEqual(form);
  });

  it('says what is wrong beside each field', () => {
    const read = readLocalCostForm({
      currency: 'EUR',
      perKwh: '1001',
      hardware: '-1',
      years: '0',
      usedPercent: '101',
      watts: 'some',
    });
    expect(read.type === 'problems' && Object.keys(read.fields).sort()).toEqual([
      'amortisationYears',
      'assumedWatts',
      'hardwareMicro',
      'perKwhMicro',
      'usedShare',
    ]);
  });
});

describe('a budget', () => {
  const budget: Budget = budgetSchema.parse({
    owner: { type: 'key', keyId: 'k1' },
    window: 'day',
    currency: 'EUR',
    limit: 2_500_000,
    alertPercents: [50, 80],
  });
  const use = (used: number, given: Partial<BudgetUse> = {}): BudgetUse => ({
    budget,
    windowStartMs: 0,
    windowEndMs: 86_400_000,
    used,
    unpricedTokens: 0,
    alerts: [],
    ...given,
  });

  it('goes into its form and out again, in money as in tokens', () => {
    const tokens = { ...budget, currency: null, limit: 2_000_000 };
    expect(budgetFormOf(budget)).toMatchObject({ limit: '2.5', alerts: '50, 80', ownerId: 'k1' });
    for (const each of [budget, tokens])
      expect(readBudgetForm(budgetFormOf(each))).toEqual({ type: 'ready', input: each });
  });

  it('says what is wrong beside each field, and takes thousands separated and no alert at all', () => {
    const form = emptyBudgetForm('lab');
    const problems = (given: object) => {
      const read = readBudgetForm({ ...form, limit: '50', ...given });
      return read.type === 'ready' ? read.input : read.fields;
    };
    expect(problems({ limit: '2.5', alerts: '80, 101', ownerId: '' })).toEqual({
      owner: 'Choose whose it is',
      limit: 'A whole number of tokens, as 2,000,000',
      alertPercents: 'Whole percents from 1 to 100, as 50, 80',
    });
    expect(problems({ limit: '0', currency: 'EUR' })).toEqual({
      limit: 'An amount above 0 with at most six decimals, as 20 or 2.50',
    });
    expect(problems({ limit: '2,000,000', alerts: ' ' })).toMatchObject({
      limit: 2_000_000,
      alertPercents: [],
    });
  });

  it('says in words where it stands', () => {
    const at = (used: number, given: Partial<BudgetUse> = {}) =>
      budgetState(use(used, given), 82_800_000).text;
    expect([
      at(100_000),
      at(2_000_000, {
        alerts: [
          { percent: 50, atMs: 1 },
          { percent: 80, atMs: 2 },
        ],
      }),
      at(2_500_000),
      at(2_600_000, { budget: { ...budget, isEnforced: false } }),
    ]).toEqual([
      'has room',
      'past 80 %, which was told',
      'used up: requests are refused for 60 min',
      'past it; only told',
    ]);
  });
});

describe('what usage cost', () => {
  const cost = (currency: string, amount: string, unpricedTokens = 0) => ({
    currency,
    amount,
    requests: 2,
    unpricedTokens,
  });
  const sums = [
    { group: '1970-01-01T00:00Z', costs: [cost('USD', '1.000000000000'), cost('EUR', '0.100000000001')] },
    { group: '1970-01-01T01:00Z', costs: [cost('EUR', '0.200000000002', 7)] },
  ];

  it('is added up exactly, each currency for itself', () => {
    expect(costTotals(sums)).toEqual([
      { currency: 'EUR', amount: '0.300000000003', requests: 4, unpricedTokens: 7 },
      { currency: 'USD', amount: '1.000000000000', requests: 2, unpricedTokens: 0 },
    ]);
  });

  it('is drawn over time, 0 where nothing was priced', () => {
    const nothing = { requests: 0, errors: 0, promptTokens: 0, cachedTokens: 0, outputTokens: 0 };
    const steps = [0, 1, 2].map((hour) => ({ atMs: hour * 3_600_000, ...nothing }));
    expect(costSeries(steps, sums)).toEqual([
      { currency: 'EUR', values: [0.100000000001, 0.200000000002, 0] },
      { currency: 'USD', values: [1, 0, 0] },
    ]);
  });
});
