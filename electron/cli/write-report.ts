import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { ReportFormat } from '../../shared/contract/bench.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { CommandContext } from './run-command.ts';

const formats: Readonly<Record<string, ReportFormat>> = {
  '.html': 'html',
  '.htm': 'html',
  '.md': 'markdown',
  '.csv': 'csv',
  '.json': 'json',
};

/** @throws AppError `app.bad-input` for an extension no format has */
export const formatOfFile = (path: string): ReportFormat => {
  const format = formats[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  throw new AppError('app.bad-input', `No report format has the extension of ${path}`, {
    hint: `End the name with one of: ${Object.keys(formats).join(', ')}.`,
  });
};

/** Writes a run's report and gives the absolute path. */
export const writeReport = async (
  { client }: Pick<CommandContext, 'client'>,
  runId: string,
  file: string,
  format: ReportFormat = formatOfFile(file),
): Promise<string> => {
  const report = await client.bench.report({ runId, format });
  const path = resolve(file);
  await writeFile(path, report.text);
  return path;
};
