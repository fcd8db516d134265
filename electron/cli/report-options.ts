import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { importFormatSchema, type ImportFormat } from '../../shared/contract/imports.ts';
import {
  reportFormatSchema,
  type DiffSide,
  type ReportFormat,
  type SourceFile,
} from '../../shared/contract/report.ts';
import { AppError } from '../../shared/errors/app-error.ts';

const unknownFormat = (text: string, options: readonly string[]): AppError =>
  new AppError('app.bad-input', `There is no format ${text}`, {
    hint: `Choose one of: ${options.join(', ')}.`,
  });

/** @throws AppError `app.bad-input` */
export const readReportFormat = (text: string | undefined): ReportFormat | undefined => {
  const result = reportFormatSchema.optional().safeParse(text);
  if (result.success) return result.data;
  throw unknownFormat(text ?? '', reportFormatSchema.options);
};

/** @throws AppError `app.bad-input` */
export const readImportFormat = (text: string | undefined): ImportFormat | undefined => {
  const result = importFormatSchema.optional().safeParse(text);
  if (result.success) return result.data;
  throw unknownFormat(text ?? '', importFormatSchema.options);
};

/** A file by its absolute path: the host may run in another folder, but always on this machine. */
export const fileArgument = (path: string): SourceFile => ({ type: 'path', path: resolve(path) });

/** A side of a diff: a file where one is there or the text looks like a path, else the id of a run. */
export const sideArgument = (text: string): DiffSide =>
  existsSync(text) || /[/\\]|\.(html?|json)$/i.test(text) ? fileArgument(text) : { type: 'run', runId: text };
