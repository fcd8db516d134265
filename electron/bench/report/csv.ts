import { metricNameSchema } from '../../../shared/contract/bench.ts';
import { metricDefinitions } from '../../../shared/metrics/definitions.ts';
import type { ReportData } from './report-data.ts';

const columns = [
  'run',
  'model',
  'quantization',
  'sha256',
  'size_bytes',
  'bits_per_weight',
  'ladder',
  'test',
  'workload_hash',
  'metric',
  'unit',
  'median',
  'ci95_low',
  'ci95_high',
  'min',
  'max',
  'cv',
  'n',
  'warmups',
  'requests',
  'errors',
  'p50',
  'p90',
  'p95',
  'p99',
  'peak_resident_bytes',
  'trust',
  'metrics_version',
] as const;

type Row = Readonly<Record<(typeof columns)[number], string | number | null | undefined>>;

/** RFC 4180; a text a spreadsheet would take for a formula gets an apostrophe in front. */
const field = (value: string | number | null | undefined): string => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** One line per model, test and metric, full precision; unknown is empty. */
export const renderCsv = ({ run }: ReportData): string => {
  const rows = run.cells.flatMap((cell) => {
    const model = run.models.find((candidate) => candidate.modelId === cell.modelId);
    return metricNameSchema.options.flatMap((metric): readonly Row[] => {
      const estimate = cell.metrics[metric];
      if (estimate === undefined) return [];
      const percentiles = cell.percentiles[metric];
      return [
        {
          run: run.name,
          model: cell.modelId,
          quantization: model?.quantization,
          sha256: model?.sha256,
          size_bytes: model?.sizeBytes,
          bits_per_weight: model?.bitsPerWeight,
          ladder: cell.ladder,
          test: cell.test,
          workload_hash: cell.workloadHash,
          metric,
          unit: metricDefinitions[metric].unit,
          median: estimate.median,
          ci95_low: estimate.ciLow,
          ci95_high: estimate.ciHigh,
          min: estimate.min,
          max: estimate.max,
          cv: estimate.cv,
          n: estimate.n,
          warmups: cell.counts.warmups,
          requests: cell.counts.requests,
          errors: cell.counts.errors,
          p50: percentiles?.p50,
          p90: percentiles?.p90,
          p95: percentiles?.p95,
          p99: percentiles?.p99,
          peak_resident_bytes: cell.peakResidentBytes,
          trust: cell.trust?.level,
          metrics_version: run.metricsVersion,
        },
      ];
    });
  });
  return (
    [columns.join(','), ...rows.map((row) => columns.map((column) => field(row[column])).join(','))].join(
      '\r\n',
    ) + '\r\n'
  );
};
