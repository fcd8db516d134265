import type { LoadRun, LoadStage } from '../../../../shared/contract/load.ts';
import type { MetricName } from '../../../../shared/contract/metric-name.ts';
import type { Percentiles } from '../../../../shared/contract/percentiles.ts';
import { canonicalJson, sha256Of } from '../../workload.ts';
import { machineFacts } from '../facts/condition-facts.ts';
import { factsOf } from '../facts/fact.ts';
import { loadTargetFacts, loadWorkloadFacts } from '../load/load-report-facts.ts';
import type { DiffFigure, DiffSource } from './diff-source.ts';

const build = factsOf('build');

/** A report names files without their folders. */
const fileName = (path: string): string => path.replace(/^.*[/\\]/u, '');

/** What was sent in a stage; equal hashes may stand side by side. */
const workloadHashOf = ({ shape, parameters, prompts, seed, slo }: LoadRun, { load }: LoadStage): string =>
  sha256Of(
    canonicalJson({
      shape,
      parameters: Object.fromEntries(
        Object.entries(parameters).map(([name, value]) => [
          name,
          typeof value === 'string' ? fileName(value) : value,
        ]),
      ),
      prompts: prompts.type === 'file' ? { ...prompts, path: fileName(prompts.path) } : prompts,
      seed,
      slo,
      load,
    }),
  );

const figuresOfStage = (run: LoadRun, stage: LoadStage): readonly DiffFigure[] => {
  const { summary, name, state } = stage;
  if (summary === null || state !== 'done') return [];
  const common = {
    modelId: run.target.model,
    ladder: 'api' as const,
    workloadHash: workloadHashOf(run, stage),
    formulas: `Dyno formulas version ${run.metricsVersion}`,
    values: [],
  };
  const one = (metric: MetricName, value: number | null, n: number | null): readonly DiffFigure[] =>
    value === null ? [] : [{ ...common, test: name, metric, value, statistic: 'median', n }];
  const spread = (metric: MetricName, { p50, p99, n }: Percentiles): readonly DiffFigure[] => [
    ...one(metric, p50, n),
    ...(p99 === null
      ? []
      : [{ ...common, test: `${name}, p99`, metric, value: p99, statistic: 'p99' as const, n }]),
  ];
  return [
    ...spread('ttftMs', summary.ttftMs),
    ...spread('tpotMs', summary.tpotMs),
    ...spread('e2eMs', summary.e2eMs),
    ...one('decodeTps', summary.decodeTps, summary.tpotMs.n),
    ...one('systemTps', summary.systemTps, null),
    ...one('requestsPerSecond', summary.requestsPerSecond, null),
  ];
};

/** A load run as a side of a diff. Each stage ran once, so its figures stand side by side without a verdict. */
export const loadSource = (run: LoadRun, remarks: readonly string[]): DiffSource => ({
  head: { title: run.name, id: run.id, atMs: run.createdAtMs, kind: 'measured' },
  facts: [
    ...(run.machine === null ? [] : machineFacts(run.machine)),
    build('Formulas', `version ${run.metricsVersion}`),
    ...loadTargetFacts(run),
    ...loadWorkloadFacts(run),
  ],
  models: [{ modelId: run.target.model, label: run.target.model, facts: [] }],
  figures: run.stages.flatMap((stage) => figuresOfStage(run, stage)),
  remarks,
  noiseFloor: null,
});
