import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { ReportFormat, ReportInput } from '../../shared/contract/report.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { CommandContext } from './run-command.ts';

const formats: Readonly<Record<string, ReportFormat>> = {
  '.html': 'html',
  '.htm': 'html',
  '.pdf': 'pdf',
  '.md': 'markdown',
  '.csv': 'csv',
  '.json': 'json',
  '.jsonl': 'jsonl',
};

/** @throws AppError `app.bad-input` for an extension no format has */
export const formatOfFile = (path: string): ReportFormat => {
  const format = formats[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  throw new AppError('app.bad-input', `No report format has the extension of ${path}`, {
    hint: `End the name with one of: ${Object.keys(formats).join(', ')}; or give --format.`,
  });
};

/** What a report is made of; the format may follow from the file's name. */
export type ReportWish = Omit<ReportInput, 'format' | 'includeHost'> & Partial<ReportInput>;

/** Writes a report and gives the absolute path. */
export const writeReport = async (
  { client }: Pick<CommandContext, 'client'>,
  wish: ReportWish,
  file: string,
): Promise<string> => {
  const report = await client.reports.make({ ...wish, format: wish.format ?? formatOfFile(file) });
  const path = resolve(file);
  await writeFile(path, Buffer.from(report.text, report.encoding));
  return path;
};
