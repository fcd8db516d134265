import { ZodError } from 'zod';
import { importFormatSchema, type ImportedRun, type ImportFormat } from '../../../shared/contract/imports.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { sha256Of } from '../workload.ts';
import { readAiperf } from './aiperf.ts';
import { detectFormat } from './detect-format.ts';
import { readGuidellm } from './guidellm.ts';
import { readLlamaBench } from './llama-bench/read-llama-bench.ts';
import { importedHashOf, type ParsedImport } from './parsed-import.ts';
import { readVllm } from './vllm.ts';

/** A file of `vllm bench serve --append-result` has one result a line; the last one is the newest. */
const lastResult = (text: string): unknown => {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return JSON.parse(lines.every((line) => line.startsWith('{')) ? (lines.at(-1) ?? '') : text);
};

/** A new tool is a file and a line here. */
const readers: Readonly<Record<ImportFormat, (text: string) => ParsedImport>> = {
  'llama-bench-md': (text) => readLlamaBench(text, 'md'),
  'llama-bench-csv': (text) => readLlamaBench(text, 'csv'),
  'llama-bench-json': (text) => readLlamaBench(text, 'json'),
  'llama-bench-jsonl': (text) => readLlamaBench(text, 'jsonl'),
  'llama-bench-sql': (text) => readLlamaBench(text, 'sql'),
  vllm: (text) => readVllm(lastResult(text)),
  guidellm: (text) => readGuidellm(JSON.parse(text)),
  aiperf: (text) => readAiperf(JSON.parse(text)),
};

const unknownFormat = (fileName: string, cause?: unknown): AppError =>
  new AppError('report.unknown-format', `${fileName} holds no result that could be read`, {
    hint: `Dyno reads ${importFormatSchema.options.join(', ')}. A report of Dyno itself is compared with "dyno report diff".`,
    ...(cause !== undefined && { cause }),
  });

const parseAs = (format: ImportFormat, fileName: string, text: string): ParsedImport => {
  try {
    return readers[format](text);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof ZodError)) throw error;
    throw unknownFormat(fileName, error);
  }
};

interface ImportOptions {
  readonly id: string;
  readonly importedAtMs: number;
  readonly fileName: string;
  readonly text: string;
  readonly format?: ImportFormat | undefined;
}

/**
 * A result file of another tool as a run of the list: names converted by docs/metrics.md, the rest listed. Pure.
 * @throws AppError `report.unknown-format` when the text is none of the known formats, or not the one asked for
 */
export const importFile = ({ id, importedAtMs, fileName, text, format }: ImportOptions): ImportedRun => {
  const chosen = format ?? detectFormat(text);
  if (chosen === undefined) throw unknownFormat(fileName);
  const parsed = parseAs(chosen, fileName, text);
  const cells = parsed.cells
    .filter((cell) => cell.figures.length > 0)
    .map((cell, index) => ({
      ...cell,
      id: `c${index + 1}`,
      workloadHash: importedHashOf(parsed.tool, cell),
    }));
  if (cells.length === 0) throw unknownFormat(fileName);
  const tests = [...new Set(cells.map((cell) => cell.test))].join(', ');
  const [model] = parsed.models;
  return {
    ...parsed,
    id,
    name: `${model?.name ?? fileName}${parsed.models.length > 1 ? ` and ${parsed.models.length - 1} more` : ''}: ${tests}`,
    importedAtMs,
    format: chosen,
    fileName,
    fileSha256: sha256Of(text),
    cells,
  };
};
