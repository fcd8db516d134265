import { sealSlot } from './seal.ts';

export type CsvValue = string | number | null | undefined;
export type CsvRow<Column extends string> = Readonly<Partial<Record<Column, CsvValue>>>;

/** RFC 4180; a text a spreadsheet would take for a formula gets an apostrophe in front. */
const field = (value: CsvValue): string => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

interface CsvParts<Column extends string> {
  readonly columns: readonly Column[];
  readonly rows: readonly CsvRow<Column>[];
  readonly contentHash: string;
}

/**
 * Rows below their heads, with two columns more: `report_sha256` names the report the figures stand in, and the last
 * line ends with the `seal` of the file, so that `dyno report verify` can check it.
 */
export const csvText = <Column extends string>({ columns, rows, contentHash }: CsvParts<Column>): string => {
  const lines = rows.map((row, index) =>
    [
      ...columns.map((column) => field(row[column])),
      contentHash,
      index === rows.length - 1 ? sealSlot : '',
    ].join(','),
  );
  return `${[[...columns, 'report_sha256', 'seal'].join(','), ...lines].join('\r\n')}\r\n`;
};
