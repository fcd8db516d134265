import type { Report, ReportFile, ReportFormat } from '../../../shared/contract/report.ts';
import { renderCsv } from './csv.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderJsonl } from './jsonl.ts';
import { renderLlamaBench } from './llama-bench/render-llama-bench.ts';
import { renderMarkdown } from './markdown.ts';
import { titleOf } from './report-names.ts';
import { seal } from './seal.ts';

/** Turns the HTML report into a PDF: the desktop's own Chromium, or one found on the machine. */
export type PrintPdf = (html: string, signal: AbortSignal) => Promise<Uint8Array>;

interface Renderer {
  readonly extension: string;
  readonly mimeType: string;
  readonly render: (report: Report) => string;
}

const llamaBench = (style: Parameters<typeof renderLlamaBench>[1], mimeType: string): Renderer => ({
  extension: `llama-bench.${style}`,
  mimeType,
  render: (report) => renderLlamaBench(report, style),
});

/** A new format is a file and a line here. PDF is the HTML report, printed. */
const renderers: Readonly<Record<Exclude<ReportFormat, 'pdf'>, Renderer>> = {
  html: { extension: 'html', mimeType: 'text/html; charset=utf-8', render: renderHtml },
  markdown: { extension: 'md', mimeType: 'text/markdown; charset=utf-8', render: renderMarkdown },
  csv: { extension: 'csv', mimeType: 'text/csv; charset=utf-8', render: renderCsv },
  json: { extension: 'json', mimeType: 'application/json', render: renderJson },
  jsonl: { extension: 'requests.jsonl', mimeType: 'application/jsonl; charset=utf-8', render: renderJsonl },
  'llama-bench-md': llamaBench('md', 'text/markdown; charset=utf-8'),
  'llama-bench-csv': llamaBench('csv', 'text/csv; charset=utf-8'),
  'llama-bench-json': llamaBench('json', 'application/json'),
  'llama-bench-jsonl': llamaBench('jsonl', 'application/jsonl; charset=utf-8'),
  'llama-bench-sql': llamaBench('sql', 'application/sql; charset=utf-8'),
};

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60) || 'run';

const fileNameOf = (report: Report, extension: string): string => {
  const startedMs = report.runs[0]?.run.createdAtMs ?? report.imported[0]?.importedAtMs ?? 0;
  const day = new Date(startedMs).toISOString().slice(0, 10);
  return `dyno-${slugOf(titleOf(report))}-${day}.${extension}`;
};

/**
 * Writes a report in the given format. The same report gives the same bytes, PDF aside: browsers stamp the time in it.
 * @throws AppError `report.no-printer`, `report.print-failed` for PDF; `report.nothing-to-export` for llama-bench's
 *   formats when no cell is one that llama-bench could have measured
 */
export const makeReport = async (
  format: ReportFormat,
  report: Report,
  printPdf: PrintPdf,
  signal: AbortSignal,
): Promise<ReportFile> => {
  if (format === 'pdf') {
    const bytes = await printPdf(seal(renderHtml(report)), signal);
    return {
      fileName: fileNameOf(report, 'pdf'),
      mimeType: 'application/pdf',
      encoding: 'base64',
      text: Buffer.from(bytes).toString('base64'),
    };
  }
  const { extension, mimeType, render } = renderers[format];
  return {
    fileName: fileNameOf(report, extension),
    mimeType,
    encoding: 'utf8',
    text: seal(render(report)),
  };
};
