import type { ReportFormat } from '../../../../shared/contract/report.ts';

interface FormatChoice {
  readonly format: ReportFormat;
  readonly title: string;
}

/** What a person reads or sends. */
export const readingFormats: readonly FormatChoice[] = [
  { format: 'html', title: 'HTML' },
  { format: 'pdf', title: 'PDF' },
  { format: 'markdown', title: 'Markdown' },
];

export const dataFormats: readonly FormatChoice[] = [
  { format: 'csv', title: 'CSV' },
  { format: 'json', title: 'JSON' },
  { format: 'jsonl', title: 'Requests as JSONL' },
];

/** llama-bench's own output formats. */
export const llamaBenchFormats: readonly FormatChoice[] = [
  { format: 'llama-bench-md', title: 'llama-bench table' },
  { format: 'llama-bench-csv', title: 'llama-bench CSV' },
  { format: 'llama-bench-json', title: 'llama-bench JSON' },
  { format: 'llama-bench-jsonl', title: 'llama-bench JSONL' },
  { format: 'llama-bench-sql', title: 'llama-bench SQL' },
];

/** The formats a list offers without asking further. */
export const shortFormats: readonly FormatChoice[] = [...readingFormats, ...dataFormats];
