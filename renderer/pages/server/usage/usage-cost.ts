import type { UsageSum } from '../../../../shared/contract/usage.ts';
import { formatPico, readPico } from '../../../../shared/units/micro.ts';
import type { UsageStep } from './usage-span.ts';

type Priced = Pick<UsageSum, 'group' | 'costs'>;

/** What all groups came to, exactly, by currency in the order of their letters. */
export const costTotals = (sums: readonly Priced[]): UsageSum['costs'] => {
  const costs = sums.flatMap((sum) => sum.costs);
  return [...new Set(costs.map(({ currency }) => currency))].sort().map((currency) => {
    const own = costs.filter((cost) => cost.currency === currency);
    return {
      currency,
      amount: formatPico(own.reduce((total, { amount }) => total + readPico(amount), 0n)),
      requests: own.reduce((total, { requests }) => total + requests, 0),
      unpricedTokens: own.reduce((total, { unpricedTokens }) => total + unpricedTokens, 0),
    };
  });
};

/** A currency over time, for the eye: floats, one for each step. */
export interface CostSeries {
  readonly currency: string;
  readonly values: readonly number[];
}

/** One for each currency; a step without a priced request has 0. */
export const costSeries = (steps: readonly UsageStep[], sums: readonly Priced[]): readonly CostSeries[] => {
  const known = new Map(sums.map(({ group, costs }) => [Date.parse(group), costs]));
  return costTotals(sums).map(({ currency }) => ({
    currency,
    values: steps.map(({ atMs }) =>
      Number(known.get(atMs)?.find((cost) => cost.currency === currency)?.amount ?? 0),
    ),
  }));
};
