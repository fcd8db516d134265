import type { Report } from '../../../../shared/contract/report.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { llamaBenchRows, renderLlamaBenchMarkdown, type LlamaBenchRow } from '../llama-bench-row.ts';
import { lineOf, llamaBenchColumns, type LlamaBenchColumn, type LlamaBenchLine } from './columns.ts';

export type LlamaBenchStyle = 'md' | 'csv' | 'json' | 'jsonl' | 'sql';

const names = Object.keys(llamaBenchColumns).filter((name): name is LlamaBenchColumn =>
  Object.hasOwn(llamaBenchColumns, name),
);

/** Six decimals for a real, as C++'s `to_string`. */
const textOf = (name: LlamaBenchColumn, { values }: LlamaBenchLine): string => {
  const value = values[name];
  return typeof value === 'number' && llamaBenchColumns[name] === 'real' ? value.toFixed(6) : String(value);
};

const jsonOf = (name: LlamaBenchColumn, row: LlamaBenchLine): string => {
  const text = textOf(name, row);
  switch (llamaBenchColumns[name]) {
    case 'text':
      return JSON.stringify(text);
    case 'boolean':
      return text === '0' ? 'false' : 'true';
    case 'integer':
    case 'real':
      return text;
    default:
      return llamaBenchColumns[name] satisfies never;
  }
};

const samplesOf = (row: LlamaBenchLine): readonly (readonly [string, string])[] => [
  ['samples_ns', row.samplesNs.join(', ')],
  ['samples_ts', row.samplesTs.map((speed) => String(Number(speed.toPrecision(6)))).join(', ')],
];

const renderJson = (rows: readonly LlamaBenchLine[]): string => {
  const objects = rows.map((row) => {
    const fields = names.map((name) => `    "${name}": ${jsonOf(name, row)}`);
    const samples = samplesOf(row).map(([name, list]) => `    "${name}": [ ${list} ]`);
    return `  {\n${[...fields, ...samples].join(',\n')}\n  }`;
  });
  return `[\n${objects.join(',\n')}\n]\n`;
};

const renderJsonl = (rows: readonly LlamaBenchLine[]): string =>
  rows
    .map((row) => {
      const fields = names.map((name) => `"${name}": ${jsonOf(name, row)}`);
      const samples = samplesOf(row).map(([name, list]) => `"${name}": [ ${list} ]`);
      return `{${[...fields, ...samples].join(', ')}}\n`;
    })
    .join('');

const csvField = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const renderCsv = (rows: readonly LlamaBenchLine[]): string =>
  [names.join(','), ...rows.map((row) => names.map((name) => csvField(textOf(name, row))).join(','))]
    .map((line) => `${line}\n`)
    .join('');

const sqlTypes = { text: 'TEXT', integer: 'INTEGER', boolean: 'INTEGER', real: 'REAL' } as const;

/** Quotes are doubled, which llama-bench itself forgets. */
const renderSql = (rows: readonly LlamaBenchLine[]): string => {
  const columns = names.map((name) => `  ${name} ${sqlTypes[llamaBenchColumns[name]]}`);
  const inserts = rows.map((row) => {
    const values = names.map((name) => `'${textOf(name, row).replaceAll("'", "''")}'`);
    return `INSERT INTO llama_bench (${names.join(', ')}) VALUES (${values.join(', ')});\n`;
  });
  return `CREATE TABLE IF NOT EXISTS llama_bench (\n${columns.join(',\n')}\n);\n\n${inserts.join('')}`;
};

/** The table, and below it the build as llama-bench names it. */
const renderTable = (rows: readonly LlamaBenchRow[]): string => {
  const builds = [...new Set(rows.map(({ build }) => `build: ${build} (0)`))];
  return `${[renderLlamaBenchMarkdown(rows), '', ...builds].join('\n')}\n`;
};

const onLines =
  (render: (lines: readonly LlamaBenchLine[]) => string) =>
  (rows: readonly LlamaBenchRow[]): string =>
    render(rows.map(lineOf));

const styles: Readonly<Record<LlamaBenchStyle, (rows: readonly LlamaBenchRow[]) => string>> = {
  md: renderTable,
  csv: onLines(renderCsv),
  json: onLines(renderJson),
  jsonl: onLines(renderJsonl),
  sql: onLines(renderSql),
};

/**
 * The engine ladder in one of llama-bench's own formats.
 * @throws AppError `report.nothing-to-export`
 */
export const renderLlamaBench = (report: Report, style: LlamaBenchStyle): string => {
  const rows = report.runs.flatMap(({ run, repetitions }) =>
    llamaBenchRows(run, (cellId) => repetitions[cellId] ?? []),
  );
  if (rows.length === 0) {
    throw new AppError('report.nothing-to-export', undefined, {
      hint: 'Measure the engine ladder with one sequence first, for example: dyno bench --preset community.',
    });
  }
  return styles[style](rows);
};
