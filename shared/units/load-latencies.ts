import type { LoadSummary } from '../contract/load.ts';
import type { Percentiles } from '../contract/percentiles.ts';
import { countMarks } from './events-as-tokens.ts';
import { metricDefinition } from '../metrics/definitions.ts';

export interface LatencyRow {
  /** The field of the summary. */
  readonly id: `${string}Ms`;
  readonly metric: 'ttftMs' | 'ttfaMs' | 'tpotMs' | 'chunkGapMs' | 'e2eMs';
  readonly label: string;
  readonly values: Percentiles;
}

const named = (
  id: LatencyRow['id'],
  metric: LatencyRow['metric'],
  values: Percentiles,
  suffix = '',
): LatencyRow => ({
  id,
  metric,
  label: `${metricDefinition(metric).name}${suffix}`,
  values,
});

/** Latencies of a stage; from the intended send first where there was a schedule. */
export const latencyRows = (summary: LoadSummary): readonly LatencyRow[] => [
  ...(summary.schedule === null
    ? []
    : [
        named('ttftScheduledMs', 'ttftMs', summary.ttftScheduledMs, ' (scheduled)'),
        named('e2eScheduledMs', 'e2eMs', summary.e2eScheduledMs, ' (scheduled)'),
      ]),
  named('ttftMs', 'ttftMs', summary.ttftMs),
  named('ttfaMs', 'ttfaMs', summary.ttfaMs),
  named('tpotMs', 'tpotMs', summary.tpotMs, countMarks(summary).tpot),
  named('chunkGapMs', 'chunkGapMs', summary.chunkGapMs),
  named('e2eMs', 'e2eMs', summary.e2eMs),
];
