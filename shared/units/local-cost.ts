import type {
  CostBasis,
  CostFigure,
  CostFigures,
  CostReport,
  LocalCost,
  SheetComparison,
  SpanEnergy,
} from '../contract/local-cost.ts';
import type { PriceSheet } from '../contract/prices.ts';
import type { UsageCost, UsageSum } from '../contract/usage.ts';
import { formatPico, readPico } from './micro.ts';
import { pricedTokensOf } from './price-usage.ts';
import { costPico } from './token-cost.ts';

const MICRO = 1e6;
const PICO = 1e12;
const HOUR_MS = 3_600_000;
const HOURS_PER_YEAR = 365.25 * 24;
const JOULES_PER_KWH = 3_600_000;

/** What was used in a span of time, whole hours. */
export type UsedSpan = Pick<
  CostReport,
  'fromMs' | 'toMs' | 'requests' | 'promptTokens' | 'cachedTokens' | 'outputTokens'
>;

/** A cost that has a part for each request and one for each hour of use, which is there without any. */
interface Rate {
  readonly perRequest: number;
  readonly perHour: number;
  readonly basis: CostBasis;
}
type Known = Rate | { readonly reason: string };

const noEnergy = (energy: SpanEnergy): string =>
  `${energy.reason ?? 'no request has a measured energy'}; no watts are assumed either`;

/**
 * Energy as money: measured where a request of the span was, and those without a figure count as those with one; else
 * the owner's watts over the hours of use, whatever ran in them; else unknown.
 */
const energyRate = (local: LocalCost, energy: SpanEnergy, usedHours: number): Known => {
  const perJoule = local.perKwhMicro / MICRO / JOULES_PER_KWH;
  if (energy.requests > 0) {
    return {
      perRequest: (energy.requestJoules / energy.requests) * perJoule,
      perHour: usedHours > 0 ? (energy.idleJoules / usedHours) * perJoule : 0,
      basis: 'measured',
    };
  }
  if (local.assumedWatts === null) return { reason: noEnergy(energy) };
  return { perRequest: 0, perHour: local.assumedWatts * 3600 * perJoule, basis: 'assumed' };
};

/** The hardware's price over the hours of use of all the years it is written off in. */
const hardwareRate = ({ hardwareMicro, amortisationYears, usedShare }: LocalCost): Rate => ({
  perRequest: 0,
  perHour: hardwareMicro / MICRO / (amortisationYears * HOURS_PER_YEAR * usedShare),
  basis: 'set',
});

const sumOf = (energy: Known, hardware: Rate): Known =>
  'reason' in energy
    ? energy
    : {
        perRequest: energy.perRequest + hardware.perRequest,
        perHour: energy.perHour + hardware.perHour,
        basis: energy.basis,
      };

interface Scale {
  readonly currency: string;
  readonly usedHours: number;
  readonly requests: number;
  readonly outputTokens: number;
}

const figure = (
  unit: string,
  n: number,
  told: { readonly value: number; readonly basis: CostBasis } | { readonly reason: string },
): CostFigure =>
  'reason' in told
    ? { value: null, unit, n, basis: null, reason: told.reason }
    : { value: told.value, unit, n, basis: told.basis, reason: null };

/** An amount of the whole span by what it is asked for. */
const shared = (
  { currency, requests, outputTokens }: Scale,
  known: { readonly amount: number; readonly basis: CostBasis } | { readonly reason: string },
): Pick<CostFigures, 'perRequest' | 'perThousandOutputTokens'> => {
  const by = (divisor: number, none: string) =>
    'reason' in known
      ? known
      : divisor > 0
        ? { value: known.amount / divisor, basis: known.basis }
        : { reason: none };
  return {
    perRequest: figure(`${currency}/request`, requests, by(requests, 'no request in this time')),
    perThousandOutputTokens: figure(
      `${currency}/1,000 output tokens`,
      requests,
      by(outputTokens / 1000, 'no output token in this time'),
    ),
  };
};

const figuresOf = (scale: Scale, known: Known): CostFigures => {
  const { currency, usedHours, requests } = scale;
  const amount = (rate: Rate): number => rate.perHour * usedHours + rate.perRequest * requests;
  return {
    perHour: figure(
      `${currency}/h of use`,
      requests,
      'reason' in known
        ? known
        : usedHours > 0
          ? { value: amount(known) / usedHours, basis: known.basis }
          : { reason: 'no hour of use in this time' },
    ),
    ...shared(scale, 'reason' in known ? known : { amount: amount(known), basis: known.basis }),
  };
};

/** From how many requests an hour on each costs less here than at the sheet: fixed costs over what each one saves. */
const breakEven = (total: Known, sheetPerRequest: number | null): Parameters<typeof figure>[2] => {
  if ('reason' in total) return total;
  if (sheetPerRequest === null) return { reason: 'no request in this time' };
  const saved = sheetPerRequest - total.perRequest;
  return saved > 0
    ? { value: total.perHour / saved, basis: total.basis }
    : { reason: 'never: the energy of a request alone costs more' };
};

/** What hours were priced at when they were written, together; `null` where none was in that currency. */
export const recordedIn = (hours: readonly UsageSum[], currency: string): UsageCost | null => {
  const costs = hours.map((hour) => ({ hour, cost: hour.costs.find((cost) => cost.currency === currency) }));
  if (costs.every(({ cost }) => cost === undefined)) return null;
  return {
    currency,
    amount: formatPico(
      costs.reduce((pico, { cost }) => pico + (cost === undefined ? 0n : readPico(cost.amount)), 0n),
    ),
    requests: costs.reduce((sum, { cost }) => sum + (cost?.requests ?? 0), 0),
    unpricedTokens: costs.reduce(
      (sum, { hour, cost }) => sum + (cost?.unpricedTokens ?? hour.promptTokens + hour.outputTokens),
      0,
    ),
  };
};

/** The sheet of each model or pattern that holds at the end of the span. */
const sheetsAt = (
  sheets: readonly PriceSheet[],
  { currency }: LocalCost,
  toMs: number,
): readonly PriceSheet[] => {
  const day = new Date(Math.max(0, toMs - 1)).toISOString().slice(0, 10);
  const holding = sheets.filter((sheet) => sheet.currency === currency && sheet.fromDay <= day);
  return [...Map.groupBy(holding, ({ model }) => model).values()].flatMap((ofOne) =>
    ofOne.toSorted((a, b) => (a.fromDay < b.fromDay ? 1 : -1)).slice(0, 1),
  );
};

const compare = (sheet: PriceSheet, used: UsedSpan, total: Known, scale: Scale): SheetComparison => {
  const pico = costPico(pricedTokensOf(used), sheet);
  const figures = shared(scale, { amount: Number(pico) / PICO, basis: 'set' });
  return {
    sheet,
    amount: formatPico(pico),
    ...figures,
    breakEvenPerHour: figure('requests/h of use', used.requests, breakEven(total, figures.perRequest.value)),
  };
};

/**
 * What a span cost on this machine: energy × tariff, and the price of the hardware spread evenly over the hours of use
 * of its years (straight-line depreciation, 365.25 days a year). Beside it the same tokens at each price sheet of the
 * currency. Pure.
 */
export const localCostReport = (
  local: LocalCost,
  used: UsedSpan,
  given: {
    readonly measured: SpanEnergy;
    readonly sheets: readonly PriceSheet[];
    readonly recorded: CostReport['recorded'];
  },
): CostReport => {
  const usedHours = ((used.toMs - used.fromMs) / HOUR_MS) * local.usedShare;
  const scale = {
    currency: local.currency,
    usedHours,
    requests: used.requests,
    outputTokens: used.outputTokens,
  };
  const energy = energyRate(local, given.measured, usedHours);
  const hardware = hardwareRate(local);
  const total = sumOf(energy, hardware);
  return {
    settings: local,
    ...used,
    usedHours,
    measured: given.measured,
    energy: figuresOf(scale, energy),
    hardware: figuresOf(scale, hardware),
    total: figuresOf(scale, total),
    sheets: sheetsAt(given.sheets, local, used.toMs).map((sheet) => compare(sheet, used, total, scale)),
    recorded: given.recorded,
  };
};
