import { gunzipSync } from 'node:zlib';
import { loadReportSchema, type LoadReport } from '../../../shared/contract/load-report.ts';
import { reportSchema, type Report } from '../../../shared/contract/report.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { looseObject, textAt } from '../import/parsed-import.ts';
import { contentHashOf } from './report-data.ts';

/** A page that unpacks to more was not written by Dyno. */
const maximumDataBytes = 512 << 20;

const embedded = /download="dyno-report\.json\.gz"\s+href="data:application\/gzip;base64,([A-Za-z0-9+/=]+)"/;

export const unreadable = (fileName: string, why: string, cause?: unknown): AppError =>
  new AppError('report.unreadable', `${fileName}: ${why}`, {
    hint: 'Give an HTML, Markdown, CSV, JSON or JSONL file that "dyno report" or the Report menu wrote.',
    ...(cause !== undefined && { cause }),
  });

/** True for a page, whatever is in it. */
export const isHtml = (text: string): boolean => /^\s*<!doctype html/i.test(text);

/**
 * The data inside a JSON or HTML report as it stands there, unchecked.
 * @throws AppError `report.unreadable`
 */
export const rawReportIn = (fileName: string, text: string): unknown => {
  const packed = isHtml(text) ? embedded.exec(text)?.[1] : undefined;
  if (isHtml(text) && packed === undefined)
    throw unreadable(fileName, 'the page holds no data of a Dyno report');
  try {
    return JSON.parse(
      packed === undefined
        ? text
        : gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: maximumDataBytes }).toString('utf8'),
    );
  } catch (error) {
    throw unreadable(fileName, 'its data cannot be unpacked or is no JSON', error);
  }
};

/** True when the content of a report has the hash it says. */
export const isContentIntact = (raw: unknown): boolean => {
  const parsed = looseObject.safeParse(raw);
  if (!parsed.success) return false;
  const { contentHash, ...content } = parsed.data;
  return contentHash === contentHashOf(content);
};

export type ReadReport =
  | { readonly type: 'bench'; readonly report: Report; readonly isIntact: boolean }
  | { readonly type: 'load'; readonly report: LoadReport; readonly isIntact: boolean };

/**
 * A report of this Dyno's form, and whether its data is as it was written.
 * @throws AppError `report.unreadable`
 */
export const readReport = (fileName: string, text: string): ReadReport => {
  const raw = rawReportIn(fileName, text);
  const schema = textAt(raw, 'schema');
  if (schema?.startsWith('dyno-load-report-') === true) {
    const load = loadReportSchema.safeParse(raw);
    if (load.success) return { type: 'load', report: load.data, isIntact: isContentIntact(raw) };
  }
  const parsed = reportSchema.safeParse(raw);
  if (parsed.success) return { type: 'bench', report: parsed.data, isIntact: isContentIntact(raw) };
  const why =
    schema === null
      ? 'it is not a report of Dyno'
      : `it has the form ${schema}, which this Dyno does not read`;
  throw unreadable(fileName, why, parsed.error);
};
