import { metricNameSchema } from '../../../shared/contract/bench.ts';
import type { ImportedRun } from '../../../shared/contract/imports.ts';
import type { Report, ReportedRun } from '../../../shared/contract/report.ts';
import { metricDefinitions } from '../../../shared/metrics/definitions.ts';
import { cellColumns, columns, estimateColumns, type Row } from './csv/columns.ts';
import { energyCsvRows } from './csv/energy-rows.ts';
import { csvText } from './csv-text.ts';

const measuredRows = ({ run }: ReportedRun): readonly Row[] =>
  run.cells.flatMap((cell) =>
    metricNameSchema.options.flatMap((metric): readonly Row[] => {
      const estimate = cell.metrics[metric];
      if (estimate === undefined) return [];
      const percentiles = cell.percentiles[metric];
      return [
        {
          ...cellColumns(run, cell),
          ...estimateColumns(estimate),
          metric,
          unit: metricDefinitions[metric].unit,
          requests: cell.counts.requests,
          errors: cell.counts.errors,
          p50: percentiles?.p50,
          p90: percentiles?.p90,
          p95: percentiles?.p95,
          p99: percentiles?.p99,
          p999: percentiles?.p999,
          peak_resident_bytes: cell.peakResidentBytes,
        },
      ];
    }),
  );

/** What a text said of each file: means with their standard errors, over scored positions. */
const qualityRows = ({ run }: ReportedRun): readonly Row[] =>
  run.judges.flatMap(({ modelId, state }): readonly Row[] => {
    if (state.type !== 'judged') return [];
    const model = run.models.find((candidate) => candidate.modelId === modelId);
    const { kld, ppl, sameTop, n } = state.figures;
    return (
      [
        ['kldMean', 'nats', kld],
        ['perplexity', '', ppl],
        ['sameTop', 'fraction', sameTop],
      ] as const
    ).map(([metric, unit, figure]) => ({
      run: run.name,
      model: modelId,
      quantization: model?.quantization,
      sha256: model?.sha256,
      size_bytes: model?.sizeBytes,
      bits_per_weight: model?.bitsPerWeight,
      ladder: 'quality',
      test: 'text',
      metric,
      unit,
      value: figure.value,
      standard_error: figure.standardError,
      n,
      metrics_version: run.metricsVersion,
      run_id: run.id,
      statistic: 'mean',
      origin: 'dyno',
    }));
  });

/** A mean or a total of another tool stands in the column `value`, never in `median`. */
const importedRows = (run: ImportedRun): readonly Row[] =>
  run.cells.flatMap((cell) => {
    const model = run.models.find((candidate) => candidate.modelId === cell.modelId);
    return cell.figures.map((figure) => ({
      run: run.name,
      model: cell.modelId,
      quantization: model?.quantization,
      size_bytes: model?.sizeBytes,
      ladder: cell.ladder,
      test: cell.test,
      workload_hash: cell.workloadHash,
      metric: figure.metric,
      unit: metricDefinitions[figure.metric].unit,
      median: figure.statistic === 'median' ? figure.value : null,
      value: figure.value,
      n: figure.n,
      p50: figure.percentiles?.p50,
      p90: figure.percentiles?.p90,
      p95: figure.percentiles?.p95,
      p99: figure.percentiles?.p99,
      p999: figure.percentiles?.p999,
      run_id: run.id,
      statistic: figure.statistic,
      origin: figure.origin,
    }));
  });

/** One line per run, model, test and metric (energy: and device), full precision; unknown is empty. */
export const renderCsv = (report: Report): string => {
  const rows = [
    ...report.runs.flatMap(measuredRows),
    ...report.runs.flatMap(energyCsvRows),
    ...report.runs.flatMap(qualityRows),
    ...report.imported.flatMap(importedRows),
  ];
  return csvText({
    columns,
    rows: rows.map((row) => ({ ...row, value: row.value ?? row.median })),
    contentHash: report.contentHash,
  });
};
