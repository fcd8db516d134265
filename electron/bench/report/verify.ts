import { z } from 'zod';
import type { Verification } from '../../../shared/contract/report.ts';
import { at, textAt } from '../import/parsed-import.ts';
import { sha256Of } from '../workload.ts';
import { requestsSchemaName } from './jsonl.ts';
import { isContentIntact, isHtml, rawReportIn, unreadable } from './read-report.ts';
import { isSealIntact } from './seal.ts';

type Check = Verification['checks'][number];

const stateOf = (isIntact: boolean): Check['state'] => (isIntact ? 'valid' : 'changed');

const dataCheck = (raw: unknown): Check => ({
  covers: 'data',
  state: stateOf(isContentIntact(raw)),
  detail: 'every run, repetition, request and figure of the report, against its content SHA-256',
});

const textCheck = (text: string): Check => {
  const isIntact = isSealIntact(text);
  return isIntact === undefined
    ? // only a page comes here: Dyno writes none without a seal, and who changes a figure could cut it off
      { covers: 'text', state: 'changed', detail: 'the seal that every page of Dyno ends with is gone' }
    : {
        covers: 'text',
        state: stateOf(isIntact),
        detail: 'every character of the file, against its seal',
      };
};

const runNamesIn = (raw: unknown): readonly string[] => {
  const runs = z.array(z.object({ run: z.object({ name: z.string() }) })).safeParse(at(raw, 'runs'));
  const load = z.object({ name: z.string() }).safeParse(at(raw, 'run'));
  return [
    ...(runs.success ? runs.data.map(({ run }) => run.name) : []),
    ...(load.success ? [load.data.name] : []),
  ];
};

const verdictOf = (checks: readonly Check[]): Verification['verdict'] =>
  checks.some(({ state }) => state === 'changed') ? 'changed' : 'valid';

const verification = (
  fileName: string,
  format: Verification['format'],
  checks: readonly Check[],
  raw: unknown,
): Verification => {
  const hash = textAt(raw, 'contentHash');
  return {
    fileName,
    format,
    verdict: verdictOf(checks),
    checks: [...checks],
    contentHash: hash !== null && /^[0-9a-f]{64}$/.test(hash) ? hash : null,
    runs: [...runNamesIn(raw)],
  };
};

const verifyRequests = (fileName: string, text: string, head: unknown): Verification => {
  const body = text.slice(text.indexOf('\n') + 1).replaceAll('\r\n', '\n');
  const check: Check = {
    covers: 'data',
    state: stateOf(textAt(head, 'bodySha256') === sha256Of(body)),
    detail: 'every request of the file, against the SHA-256 in its first line',
  };
  return verification(fileName, 'jsonl', [check], head);
};

/** The last two columns of every CSV that Dyno writes. */
const isCsv = (text: string): boolean => /^[^\n]*,report_sha256,seal\r?\n/.test(text);

const verifyCsv = (fileName: string, text: string): Verification =>
  verification(
    fileName,
    'csv',
    [
      textCheck(text),
      {
        covers: 'data',
        state: 'not-covered',
        detail: 'CSV holds no raw data; compare its report_sha256 with that of the HTML or JSON report',
      },
    ],
    { contentHash: /,([0-9a-f]{64}),dyno-seal:/.exec(text)?.[1] },
  );

const verifyMarkdown = (fileName: string, text: string): Verification => {
  const hash = /content SHA-256 `([0-9a-f]{64})`/.exec(text)?.[1];
  return verification(
    fileName,
    'markdown',
    [
      textCheck(text),
      {
        covers: 'data',
        state: 'not-covered',
        detail:
          'Markdown holds no raw data; compare its content SHA-256 with that of the HTML or JSON report',
      },
    ],
    { contentHash: hash },
  );
};

const firstLineOf = (text: string): unknown => {
  try {
    return JSON.parse(text.slice(0, text.indexOf('\n')));
  } catch {
    return undefined; // not lines of JSON: another format
  }
};

/**
 * Whether a report is as it was written, and what that covers. A hash shows a change, not who made it.
 * @throws AppError `report.unreadable` for what is no report, and for PDF, which carries only the hash itself
 */
export const verifyReport = (fileName: string, text: string): Verification => {
  const head = firstLineOf(text);
  if (textAt(head, 'schema') === requestsSchemaName) return verifyRequests(fileName, text, head);
  if (isHtml(text)) {
    const raw = rawReportIn(fileName, text);
    return verification(fileName, 'html', [dataCheck(raw), textCheck(text)], raw);
  }
  if (text.startsWith('%PDF')) throw unreadable(fileName, 'a PDF cannot be checked; the HTML report can');
  if (/^\s*\{/.test(text)) {
    const raw = rawReportIn(fileName, text);
    if (!/^dyno-(load-)?report-/.test(textAt(raw, 'schema') ?? '')) {
      throw unreadable(fileName, 'it is not a report of Dyno');
    }
    return verification(fileName, 'json', [dataCheck(raw)], raw);
  }
  if (isSealIntact(text) === undefined) throw unreadable(fileName, 'it is not a report of Dyno');
  if (isCsv(text)) return verifyCsv(fileName, text);
  return verifyMarkdown(fileName, text);
};
