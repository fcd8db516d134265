/** A column of a terminal table. */
export interface Column<Row> {
  readonly head: string;
  readonly align?: 'left' | 'right';
  cell(row: Row): string;
}

const escape = String.fromCharCode(27);
const colourCodes = new RegExp(`${escape}\\[[0-9;]*m`, 'g');

/** Columns a text takes in a terminal, colour codes left out. */
const widthOf = (text: string): number => Array.from(text.replaceAll(colourCodes, '')).length;

const pad = (text: string, width: number, align: 'left' | 'right'): string => {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? space + text : text + space;
};

/** Plain aligned columns, two spaces apart, head in the first line; readable by eye and by `awk`. */
export const renderTable = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string => {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map((column, index) =>
    Math.max(widthOf(column.head), ...cells.map((line) => widthOf(line[index] ?? ''))),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => pad(text, widths[index] ?? 0, columns[index]?.align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [line(columns.map((column) => column.head)), ...cells.map(line)].join('\n');
};

/** `label   value` lines with the labels in one column. */
export const renderFacts = (facts: readonly (readonly [label: string, value: string])[]): string => {
  const width = Math.max(...facts.map(([label]) => label.length));
  return facts.map(([label, value]) => `${label.padEnd(width)}  ${value}`).join('\n');
};
