import type { UsageGroup, UsageSum } from '../../../shared/contract/usage.ts';
import { formatCount } from '../../../shared/units/format.ts';
import { renderTable } from './table.ts';

export const renderUsage = (sums: readonly UsageSum[], by: UsageGroup): string =>
  sums.length === 0
    ? 'Nothing was used.'
    : renderTable<UsageSum>(
        [
          {
            head: by === 'hour' || by === 'day' || by === 'month' ? `${by} (UTC)` : by,
            cell: ({ group }) => group,
          },
          { head: 'requests', align: 'right', cell: (sum) => formatCount(sum.requests) },
          { head: 'failed', align: 'right', cell: (sum) => formatCount(sum.errors) },
          { head: 'prompt tokens', align: 'right', cell: (sum) => formatCount(sum.promptTokens) },
          { head: 'of them cached', align: 'right', cell: (sum) => formatCount(sum.cachedTokens) },
          { head: 'prefix hits', align: 'right', cell: ({ tiers }) => formatCount(tiers.prefix) },
          { head: 'kept answers', align: 'right', cell: ({ tiers }) => formatCount(tiers.exact) },
          { head: 'output tokens', align: 'right', cell: (sum) => formatCount(sum.outputTokens) },
        ],
        sums,
      );
