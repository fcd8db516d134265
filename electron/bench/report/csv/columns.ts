import type { BenchRun, Cell } from '../../../../shared/contract/bench.ts';
import type { Estimate } from '../../../../shared/contract/common.ts';
import type { CsvRow } from '../csv-text.ts';

/** Heads of the CSV report; programs go by name, so new ones stand at the end. */
export const columns = [
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
  'p999',
  'peak_resident_bytes',
  'trust',
  'metrics_version',
  'run_id',
  'statistic',
  'value',
  'standard_error',
  'origin',
  'device',
  'reason',
] as const;

export type Row = CsvRow<(typeof columns)[number]>;

/** Where a figure of a cell belongs: the same for all of them. */
export const cellColumns = (run: BenchRun, cell: Cell): Row => {
  const model = run.models.find((candidate) => candidate.modelId === cell.modelId);
  return {
    run: run.name,
    model: cell.modelId,
    quantization: model?.quantization,
    sha256: model?.sha256,
    size_bytes: model?.sizeBytes,
    bits_per_weight: model?.bitsPerWeight,
    ladder: cell.ladder,
    test: cell.test,
    workload_hash: cell.workloadHash,
    warmups: cell.counts.warmups,
    trust: cell.trust?.level,
    metrics_version: run.metricsVersion,
    run_id: run.id,
    origin: 'dyno',
  };
};

export const estimateColumns = (estimate: Estimate): Row => ({
  median: estimate.median,
  ci95_low: estimate.ciLow,
  ci95_high: estimate.ciHigh,
  min: estimate.min,
  max: estimate.max,
  cv: estimate.cv,
  n: estimate.n,
  statistic: 'median',
});
