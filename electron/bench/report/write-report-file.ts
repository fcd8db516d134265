import type { ReportFile } from '../../../shared/contract/report.ts';
import { seal } from './seal.ts';

/** Turns the HTML report into a PDF: the desktop's own Chromium, or one found on the machine. */
export type PrintPdf = (html: string, signal: AbortSignal) => Promise<Uint8Array>;

export interface Renderer<Report> {
  readonly extension: string;
  readonly mimeType: string;
  readonly render: (report: Report) => string;
}

/** PDF is the HTML report, printed. */
interface Printer<Report> {
  readonly pdfOf: (report: Report) => string;
  readonly printPdf: PrintPdf;
}

interface ReportFileParts<Report> {
  readonly report: Report;
  readonly name: string;
  /** When it was measured. */
  readonly atMs: number;
  readonly renderer: Renderer<Report> | Printer<Report>;
  readonly signal: AbortSignal;
}

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60) || 'run';

/** A report as a file with a name that tells what it is and of which day, sealed. */
export const writeReportFile = async <Report>(parts: ReportFileParts<Report>): Promise<ReportFile> => {
  const { report, name, atMs, renderer, signal } = parts;
  const fileName = (extension: string): string =>
    `dyno-${slugOf(name)}-${new Date(atMs).toISOString().slice(0, 10)}.${extension}`;
  if ('pdfOf' in renderer) {
    const bytes = await renderer.printPdf(seal(renderer.pdfOf(report)), signal);
    return {
      fileName: fileName('pdf'),
      mimeType: 'application/pdf',
      encoding: 'base64',
      text: Buffer.from(bytes).toString('base64'),
    };
  }
  const { extension, mimeType, render } = renderer;
  return { fileName: fileName(extension), mimeType, encoding: 'utf8', text: seal(render(report)) };
};
