import type { Percentiles } from '../contract/percentiles.ts';

export interface PercentileColumn {
  readonly id: 'p50' | 'p90' | 'p95' | 'p99' | 'p999';
  readonly head: string;
  /** Values from which its distribution-free 95 % interval exists: docs/metrics.md. */
  readonly needed: number;
}

const usual: readonly PercentileColumn[] = [
  { id: 'p50', head: 'p50', needed: 6 },
  { id: 'p90', head: 'p90', needed: 36 },
  { id: 'p95', head: 'p95', needed: 72 },
  { id: 'p99', head: 'p99', needed: 368 },
];
const rare: PercentileColumn = { id: 'p999', head: 'p99.9', needed: 3688 };

/** The columns of a table of latencies; p99.9 only where a row has it, for most would need thousands of values more. */
export const percentileColumns = (rows: readonly Percentiles[]): readonly PercentileColumn[] =>
  rows.some(({ p999 }) => p999 !== null) ? [...usual, rare] : usual;

/** From how many values each percentile is shown, for the note under a table. */
export const percentileNote = `A percentile is shown only where its 95 % interval exists: ${[...usual, rare]
  .map(({ head, needed }) => `${head} from ${needed.toLocaleString('en')} values`)
  .join(', ')}.`;
