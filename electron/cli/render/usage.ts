import {
  usageRowSchema,
  type UsageGroup,
  type UsageRow,
  type UsageSum,
} from '../../../shared/contract/usage.ts';
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
          { head: 'output tokens', align: 'right', cell: (sum) => formatCount(sum.outputTokens) },
        ],
        sums,
      );

/** RFC 4180; a text that a spreadsheet would take for a formula is led by an apostrophe. */
const csvCell = (value: string | number | null): string => {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** One line per row, the contract's fields in their order, heads first. */
export const usageCsv = (rows: readonly UsageRow[]): string => {
  const fields = usageRowSchema.keyof().options;
  return [fields.join(','), ...rows.map((row) => fields.map((field) => csvCell(row[field])).join(','))].join(
    '\r\n',
  );
};
