import { z } from 'zod';
import { csvLines } from '../csv-lines.ts';
import { looseObject } from '../parsed-import.ts';
import { parseLine, type LlamaBenchLine } from './line.ts';
import { readTable } from './read-table.ts';

export type LlamaBenchStyle = 'md' | 'csv' | 'json' | 'jsonl' | 'sql';

const objects = z.array(looseObject);

const readCsv = (text: string): readonly LlamaBenchLine[] => {
  const [head = [], ...rows] = csvLines(text);
  return rows
    .filter((row) => row.length === head.length)
    .map((row) => parseLine(Object.fromEntries(head.map((name, index) => [name, row[index] ?? '']))));
};

const insert = /INSERT INTO llama_bench \(([^)]+)\)\s*VALUES \('([\s\S]*?)'\);/g;

const readSql = (text: string): readonly LlamaBenchLine[] =>
  [...text.matchAll(insert)].map(([, names = '', values = '']) => {
    const list = values.split("', '").map((value) => value.replaceAll("''", "'"));
    return parseLine(Object.fromEntries(names.split(', ').map((name, index) => [name, list[index] ?? ''])));
  });

const readJsonl = (text: string): readonly LlamaBenchLine[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => parseLine(looseObject.parse(JSON.parse(line))));

const readers: Readonly<Record<LlamaBenchStyle, (text: string) => readonly LlamaBenchLine[]>> = {
  md: readTable,
  csv: readCsv,
  json: (text) => objects.parse(JSON.parse(text)).map(parseLine),
  jsonl: readJsonl,
  sql: readSql,
};

/** Result lines of any of llama-bench's formats. @throws SyntaxError, ZodError for what is none */
export const readLines = (text: string, style: LlamaBenchStyle): readonly LlamaBenchLine[] =>
  readers[style](text);
