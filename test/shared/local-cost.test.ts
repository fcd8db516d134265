import { expect, it } from 'vitest';
import type { CostFigures, LocalCost, SpanEnergy } from '../../shared/contract/local-cost.ts';
import type { PriceSheet } from '../../shared/contract/prices.ts';
import type { UsageSum } from '../../shared/contract/usage.ts';
import { localCostReport, recordedIn, type UsedSpan } from '../../shared/units/local-cost.ts';

/** 8,766 EUR over 4 years of 8,766 hours, a quarter of them used: 1 EUR in an hour of use. */
const local: LocalCost = {
  currency: 'EUR',
  perKwhMicro: 360_000,
  hardwareMicro: 8_766_000_000,
  amortisationYears: 4,
  usedShare: 0.25,
  assumedWatts: null,
};
/** 100 hours, 25 of them used. */
const used: UsedSpan = {
  fromMs: Date.UTC(2026, 10, 1),
  toMs: Date.UTC(2026, 10, 5, 4),
  requests: 1000,
  promptTokens: 400_000,
  cachedTokens: 100_000,
  outputTokens: 200_000,
};
/** 10 kWh for the requests, 5 kWh while none ran. */
const measured: SpanEnergy = {
  requestJoules: 36_000_000,
  requests: 1000,
  idleJoules: 18_000_000,
  devices: ['CPU package'],
  reason: null,
};
const unmeasured: SpanEnergy = {
  requestJoules: 0,
  requests: 0,
  idleJoules: 0,
  devices: [],
  reason: 'this CPU has no counter',
};
/** 300,000 × 10 + 100,000 × 1 + 200,000 × 50 for a million: 13.1 EUR. */
const sheet: PriceSheet = {
  model: 'cloud',
  currency: 'EUR',
  fromDay: '2026-11-01',
  promptMicro: 10_000_000,
  cachedMicro: 1_000_000,
  outputMicro: 50_000_000,
};
const report = (given: Partial<LocalCost> = {}, energy = measured, sheets: readonly PriceSheet[] = [sheet]) =>
  localCostReport({ ...local, ...given }, used, { measured: energy, sheets, recorded: null });
const near = (value: number): number => expect.closeTo(value, 10) as number;
const values = ({ perHour, perRequest, perThousandOutputTokens }: CostFigures) => [
  perHour.value,
  perRequest.value,
  perThousandOutputTokens.value,
];

it('works out energy, hardware and both by the hour, request and 1,000 output tokens, as by hand', () => {
  const { energy, hardware, total, usedHours, sheets } = report();
  expect(usedHours).toBe(25);
  // 15 kWh at 0.36 are 5.40 EUR, 25 hours at 1 EUR are 25 EUR; over 25 hours, 1,000 requests, 200 thousand tokens
  expect(values(energy)).toEqual([0.216, 0.0054, 0.027].map(near));
  expect(values(hardware)).toEqual([1, 0.025, 0.125].map(near));
  expect(values(total)).toEqual([1.216, 0.0304, 0.152].map(near));
  expect(
    [energy, hardware, total].map(({ perRequest }) => [perRequest.unit, perRequest.n, perRequest.basis]),
  ).toEqual([
    ['EUR/request', 1000, 'measured'],
    ['EUR/request', 1000, 'set'],
    ['EUR/request', 1000, 'measured'],
  ]);
  // an hour costs 1.072 EUR without any request, each one saves 0.0131 - 0.0036 EUR
  expect(sheets).toMatchObject([
    {
      amount: '13.100000000000',
      perRequest: { value: near(0.0131) },
      perThousandOutputTokens: { value: near(0.0655) },
      breakEvenPerHour: { value: near(1.072 / 0.0095), unit: 'requests/h of use', basis: 'measured' },
    },
  ]);
});

it('takes requests without a measured energy as those with one', () => {
  const half = { ...measured, requests: 500, requestJoules: 18_000_000 };
  expect(values(report({}, half).total)).toEqual(values(report().total));
});

it('says "assumed" of every figure that rests on assumed watts, and counts those in every hour of use', () => {
  const { energy, total, sheets } = report({ assumedWatts: 200 }, unmeasured);
  expect(values(energy)).toEqual([0.072, 0.0018, 0.009].map(near));
  expect(values(total)).toEqual([1.072, 0.0268, 0.134].map(near));
  const figures = [energy, total].flatMap(({ perHour, perRequest, perThousandOutputTokens }) => [
    perHour,
    perRequest,
    perThousandOutputTokens,
  ]);
  expect(new Set(figures.map(({ basis }) => basis))).toEqual(new Set(['assumed']));
  expect(sheets[0]?.breakEvenPerHour).toMatchObject({ value: near(1.072 / 0.0131), basis: 'assumed' });
});

it('goes by the counters where there are some, whatever is assumed', () => {
  expect(values(report({ assumedWatts: 200 }).total)).toEqual(values(report().total));
});

it('has no figure with energy in it where nothing was measured or assumed, and says why', () => {
  const { energy, hardware, total, sheets } = report({}, unmeasured);
  const reason = 'this CPU has no counter; no watts are assumed either';
  expect(energy.perRequest).toMatchObject({ value: null, basis: null, reason });
  expect(total.perHour).toMatchObject({ value: null, reason });
  expect(sheets[0]?.breakEvenPerHour).toMatchObject({ value: null, reason });
  expect(values(hardware)).toEqual([1, 0.025, 0.125].map(near));
});

it('never breaks even where the energy of a request alone costs more than the sheet', () => {
  const cheap = { ...sheet, promptMicro: 0, cachedMicro: 0, outputMicro: 1 };
  expect(report({}, measured, [cheap]).sheets[0]?.breakEvenPerHour).toMatchObject({
    value: null,
    reason: 'never: the energy of a request alone costs more',
  });
});

it('compares with the latest sheet of each model that has come, in its own currency alone', () => {
  const later = { ...sheet, fromDay: '2026-11-03', outputMicro: 0 };
  const sheets = [sheet, later, { ...sheet, fromDay: '2026-11-06' }, { ...sheet, currency: 'USD' }];
  expect(report({}, measured, sheets).sheets.map((each) => each.sheet)).toEqual([later]);
});

it('divides by no request, token or hour', () => {
  const nothing = { ...used, toMs: used.fromMs, requests: 0, outputTokens: 0 };
  const { total } = localCostReport(local, nothing, { measured, sheets: [], recorded: null });
  expect([total.perHour.reason, total.perRequest.reason, total.perThousandOutputTokens.reason]).toEqual([
    'no hour of use in this time',
    'no request in this time',
    'no output token in this time',
  ]);
});

it('adds up what hours were priced at, and counts the tokens of hours without a price as not priced', () => {
  const hour = (costs: UsageSum['costs']): UsageSum => ({
    group: '2026-11-25T13:00Z',
    requests: 2,
    errors: 0,
    promptTokens: 10,
    cachedTokens: 0,
    outputTokens: 5,
    tiers: { none: 2, prefix: 0, exact: 0 },
    energy: { joules: 0, requests: 0 },
    costs,
  });
  const cost = { currency: 'EUR', amount: '0.000000000007', requests: 1, unpricedTokens: 8 };
  expect(recordedIn([hour([cost]), hour([]), hour([cost])], 'EUR')).toEqual({
    currency: 'EUR',
    amount: '0.000000000014',
    requests: 2,
    unpricedTokens: 31,
  });
  expect(recordedIn([hour([cost])], 'USD')).toBeNull();
});
