import type { ReportFormat } from '../../../shared/contract/bench.ts';
import { renderCsv } from './csv.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderMarkdown } from './markdown.ts';
import { reportData, type ReportData, type ReportSource } from './report-data.ts';

/** A report ready to be saved or sent. */
export interface ReportFile {
  readonly fileName: string;
  readonly mimeType: string;
  readonly text: string;
}

interface Renderer {
  readonly extension: string;
  readonly mimeType: string;
  readonly render: (data: ReportData) => string;
}

/** A new format is a file and a line here. */
const renderers: Readonly<Record<ReportFormat, Renderer>> = {
  html: { extension: 'html', mimeType: 'text/html; charset=utf-8', render: renderHtml },
  markdown: { extension: 'md', mimeType: 'text/markdown; charset=utf-8', render: renderMarkdown },
  csv: { extension: 'csv', mimeType: 'text/csv; charset=utf-8', render: renderCsv },
  json: { extension: 'json', mimeType: 'application/json', render: renderJson },
};

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60) || 'run';

/** Writes the report of a run in the given format. The same run gives the same bytes. */
export const makeReport = (format: ReportFormat, source: ReportSource): ReportFile => {
  const data = reportData(source);
  const { extension, mimeType, render } = renderers[format];
  const day = new Date(data.run.createdAtMs).toISOString().slice(0, 10);
  return { fileName: `dyno-${slugOf(data.run.name)}-${day}.${extension}`, mimeType, text: render(data) };
};
