import { usageRowSchema, type UsageRow } from '../contract/usage.ts';

/** RFC 4180; a text that a spreadsheet would take for a formula is led by an apostrophe. */
export const csvCell = (value: string | number | null): string => {
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
