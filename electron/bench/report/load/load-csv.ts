import type { LoadStage, LoadSummary } from '../../../../shared/contract/load.ts';
import type { LoadReport } from '../../../../shared/contract/load-report.ts';
import { latencyRows } from '../../../../shared/units/load-latencies.ts';
import { csvText, type CsvRow } from '../csv-text.ts';

const columns = [
  'run',
  'run_id',
  'target',
  'model',
  'shape',
  'stage',
  'state',
  'metric',
  'unit',
  'value',
  'p50',
  'p90',
  'p95',
  'p99',
  'p999',
  'max',
  'n',
  'attempted',
  'finished',
  'tokens_counted_by',
  'trust',
  'metrics_version',
] as const;

type Row = CsvRow<(typeof columns)[number]>;

/** Figures of a stage that are one value. */
const valuesOf = (
  summary: LoadSummary,
): readonly (readonly [metric: string, unit: string, value: number | null])[] => [
  ['decodeTps', 't/s', summary.decodeTps],
  ['systemTps', 't/s', summary.systemTps],
  ['wholeTps', 't/s', summary.wholeTps],
  ['requestsPerSecond', '1/s', summary.requestsPerSecond],
  ['goodputPerSecond', '1/s', summary.goodput?.perSecond ?? null],
  ['goodRequests', '', summary.goodput?.good ?? null],
  ['promptTokens', 'tokens', summary.promptTokens],
  ['cachedShare', 'fraction', summary.cachedShare],
  ['outputTokens', 'tokens', summary.outputTokens],
  ['stalls', '', summary.stalls],
  ['tokensPerEvent', '', summary.tokensPerEvent],
  ['scheduleLagP99Ms', 'ms', summary.schedule?.lagP99Ms ?? null],
  ['dropped', '', summary.schedule?.dropped ?? null],
  ['enginePrefillTps', 't/s', summary.engine?.prefillTps ?? null],
  ['engineDecodeTps', 't/s', summary.engine?.decodeTps ?? null],
  ['loopDelayP99Ms', 'ms', summary.loopDelayP99Ms],
];

/** One line per stage and metric, full precision; unknown is empty. */
export const loadCsv = ({ run, contentHash }: LoadReport): string => {
  const rowsOf = (stage: LoadStage): readonly Row[] => {
    const { summary } = stage;
    if (summary === null) return [];
    const common: Row = {
      run: run.name,
      run_id: run.id,
      target: run.target.url,
      model: run.target.model,
      shape: run.shape,
      stage: stage.name,
      state: stage.state,
      attempted: summary.attempted,
      finished: summary.finished,
      tokens_counted_by: summary.tokenCountSource,
      trust: stage.trust?.level,
      metrics_version: run.metricsVersion,
    };
    return [
      ...latencyRows(summary).map(({ id, values }): Row => ({
        ...common,
        metric: id,
        unit: 'ms',
        ...values,
      })),
      ...valuesOf(summary).flatMap(([metric, unit, value]): readonly Row[] =>
        value === null ? [] : [{ ...common, metric, unit, value }],
      ),
    ];
  };
  return csvText({ columns, rows: run.stages.flatMap(rowsOf), contentHash });
};
