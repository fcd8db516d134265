import type { LoadReport, LoadReportFormat } from '../../../../shared/contract/load-report.ts';
import type { ReportFile } from '../../../../shared/contract/report.ts';
import { writeReportFile, type PrintPdf, type Renderer } from '../write-report-file.ts';
import { loadCsv } from './load-csv.ts';
import { loadHtml } from './load-html.ts';
import { loadJsonl } from './load-jsonl.ts';
import { loadMarkdown } from './load-markdown.ts';

const renderers: Readonly<Record<Exclude<LoadReportFormat, 'pdf'>, Renderer<LoadReport>>> = {
  html: { extension: 'html', mimeType: 'text/html; charset=utf-8', render: loadHtml },
  markdown: { extension: 'md', mimeType: 'text/markdown; charset=utf-8', render: loadMarkdown },
  csv: { extension: 'csv', mimeType: 'text/csv; charset=utf-8', render: loadCsv },
  json: {
    extension: 'json',
    mimeType: 'application/json',
    render: (report) => `${JSON.stringify(report, null, 2)}\n`,
  },
  jsonl: { extension: 'requests.jsonl', mimeType: 'application/jsonl; charset=utf-8', render: loadJsonl },
};

/**
 * Writes a report of a load run in the given format. The same run gives the same bytes, PDF aside.
 * @throws AppError `report.no-printer`, `report.print-failed` for PDF
 */
export const makeLoadReport = (
  format: LoadReportFormat,
  report: LoadReport,
  printPdf: PrintPdf,
  signal: AbortSignal,
): Promise<ReportFile> =>
  writeReportFile({
    report,
    name: `load-${report.run.name}`,
    atMs: report.run.createdAtMs,
    renderer: format === 'pdf' ? { pdfOf: loadHtml, printPdf } : renderers[format],
    signal,
  });
