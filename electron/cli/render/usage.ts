import type { UsageCost, UsageGroup, UsageSum } from '../../../shared/contract/usage.ts';
import { formatAmount } from '../../../shared/units/micro.ts';
import { formatCount, formatFigure } from '../../../shared/units/format.ts';
import { renderTable, type Column } from './table.ts';

const timeGroups: readonly UsageGroup[] = ['hour', 'day', 'month'];

const figure = (head: string, read: (sum: UsageSum) => number): Column<UsageSum> => ({
  head,
  align: 'right',
  cell: (sum) => formatCount(read(sum)),
});

/** Only where something was measured; beside it of how many requests, where not of all. */
const energyColumns = (sums: readonly UsageSum[]): readonly Column<UsageSum>[] => {
  if (sums.every(({ energy }) => energy.requests === 0)) return [];
  const isPartial = sums.some(({ energy, requests }) => energy.requests < requests);
  return [
    {
      head: 'energy, J',
      align: 'right',
      cell: ({ energy }) => formatFigure(energy.requests === 0 ? null : energy.joules),
    },
    ...(isPartial ? [figure('requests measured', ({ energy }) => energy.requests)] : []),
  ];
};

/** What has no price is said, never shown as 0. */
const costColumns = (sums: readonly UsageSum[]): readonly Column<UsageSum>[] => {
  const currencies = [...new Set(sums.flatMap(({ costs }) => costs).map(({ currency }) => currency))].sort();
  return currencies.flatMap((currency): readonly Column<UsageSum>[] => {
    const costOf = ({ costs }: UsageSum): UsageCost | undefined =>
      costs.find((cost) => cost.currency === currency);
    const unpriced = (sum: UsageSum): number =>
      costOf(sum)?.unpricedTokens ?? sum.promptTokens + sum.outputTokens;
    const amount = (sum: UsageSum): string => {
      const cost = costOf(sum);
      return cost === undefined ? 'not priced' : formatAmount(cost.amount);
    };
    return [
      { head: `cost, ${currency}`, align: 'right', cell: amount },
      ...(sums.some((sum) => unpriced(sum) > 0)
        ? [figure(`tokens not priced in ${currency}`, unpriced)]
        : []),
    ];
  });
};

export const renderUsage = (sums: readonly UsageSum[], by: UsageGroup): string =>
  sums.length === 0
    ? 'Nothing was used.'
    : renderTable<UsageSum>(
        [
          { head: timeGroups.includes(by) ? `${by} (UTC)` : by, cell: ({ group }) => group },
          figure('requests', ({ requests }) => requests),
          figure('failed', ({ errors }) => errors),
          figure('prompt tokens', ({ promptTokens }) => promptTokens),
          figure('of them cached', ({ cachedTokens }) => cachedTokens),
          figure('output tokens', ({ outputTokens }) => outputTokens),
          figure('prefix hits', ({ tiers }) => tiers.prefix),
          figure('kept answers', ({ tiers }) => tiers.exact),
          ...energyColumns(sums),
          ...costColumns(sums),
        ],
        sums,
      );
