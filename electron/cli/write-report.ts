import { stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { loadReportFormatSchema, type LoadReportFormat } from '../../shared/contract/load-report.ts';
import type { ReportFormat, ReportInput } from '../../shared/contract/report.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { CommandContext } from './run-command.ts';
import { saveReport } from './save-report.ts';

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

const hasFolder = (file: string): Promise<boolean> =>
  stat(dirname(resolve(file))).then(
    (found) => found.isDirectory(),
    () => false, // not there, or not to be looked at: no place for a file
  );

/**
 * Refuses names no report can be written to, before an hour of measuring.
 * @throws AppError `app.bad-input` for an extension no format has, `files.not-found` for a folder that is not there
 */
export const checkReportFiles = async (files: readonly string[]): Promise<void> => {
  for (const file of files) {
    formatOfFile(file);
    if (await hasFolder(file)) continue;
    throw new AppError('files.not-found', `There is no folder ${dirname(resolve(file))} for ${file}.`, {
      hint: 'Make it first, or name another place.',
    });
  }
};

/** What a report is made of; the format may follow from the file's name. */
export type ReportWish = Omit<ReportInput, 'format' | 'includeHost'> & Partial<ReportInput>;

/** Writes a report and gives the absolute path. */
export const writeReport = async (
  { client }: Pick<CommandContext, 'client'>,
  wish: ReportWish,
  file: string,
): Promise<string> =>
  saveReport(await client.reports.make({ ...wish, format: wish.format ?? formatOfFile(file) }), file);

/** What a report of a load run is made of. */
export interface LoadReportWish {
  readonly loadId: string;
  readonly format?: ReportFormat;
  readonly includeHost?: boolean;
}

/** @throws AppError `app.bad-input` for a format that only benchmark runs have */
export const loadFormatOf = (format: ReportFormat): LoadReportFormat => {
  const known = loadReportFormatSchema.safeParse(format);
  if (known.success) return known.data;
  throw new AppError('app.bad-input', `A load run has no report as ${format}`, {
    hint: `Choose one of: ${loadReportFormatSchema.options.join(', ')}.`,
  });
};

/** Writes a report of a load run and gives the absolute path. */
export const writeLoadReport = async (
  { client }: Pick<CommandContext, 'client'>,
  { format, ...wish }: LoadReportWish,
  file: string,
): Promise<string> =>
  saveReport(await client.load.report({ ...wish, format: loadFormatOf(format ?? formatOfFile(file)) }), file);
