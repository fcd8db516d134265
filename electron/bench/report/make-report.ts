import type { Report, ReportFile, ReportFormat } from '../../../shared/contract/report.ts';
import { renderCsv } from './csv.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderJsonl } from './jsonl.ts';
import { renderLlamaBench } from './llama-bench/render-llama-bench.ts';
import { renderMarkdown } from './markdown.ts';
import { titleOf } from './report-names.ts';
import { writeReportFile, type PrintPdf, type Renderer } from './write-report-file.ts';

const llamaBench = (style: Parameters<typeof renderLlamaBench>[1], mimeType: string): Renderer<Report> => ({
  extension: `llama-bench.${style}`,
  mimeType,
  render: (report) => renderLlamaBench(report, style),
});

/** A new format is a file and a line here. */
const renderers: Readonly<Record<Exclude<ReportFormat, 'pdf'>, Renderer<Report>>> = {
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

/**
 * Writes a report in the given format. The same report gives the same bytes, PDF aside: browsers stamp the time in it.
 * @throws AppError `report.no-printer`, `report.print-failed` for PDF; `report.nothing-to-export` for llama-bench's
 *   formats when no cell is one that llama-bench could have measured
 */
export const makeReport = (
  format: ReportFormat,
  report: Report,
  printPdf: PrintPdf,
  signal: AbortSignal,
): Promise<ReportFile> =>
  writeReportFile({
    report,
    name: titleOf(report),
    atMs: report.runs[0]?.run.createdAtMs ?? report.imported[0]?.importedAtMs ?? 0,
    renderer: format === 'pdf' ? { pdfOf: renderHtml, printPdf } : renderers[format],
    signal,
  });
