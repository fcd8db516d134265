import {
  metricNameSchema,
  type BenchRun,
  type Cell,
  type MetricName,
} from '../../../../shared/contract/bench.ts';
import type { Fact, ImportedRun } from '../../../../shared/contract/imports.ts';
import type { NoiseFloor } from '../../../../shared/contract/noise-floor.ts';
import type { ReportDiff, ReportedRun } from '../../../../shared/contract/report.ts';
import { valuesOf } from '../../figures/finish-cell.ts';
import { conditionFacts, machineFacts } from '../facts/condition-facts.ts';
import { factsOf } from '../facts/fact.ts';
import { engineFacts, fileFacts } from '../facts/model-facts.ts';
import { workloadFacts } from '../facts/workload-facts.ts';
import { toolNames } from '../../../../shared/units/tool-names.ts';

/** A figure that can stand against one of the other side. */
export interface DiffFigure {
  readonly modelId: string;
  readonly ladder: Cell['ladder'];
  readonly test: string;
  readonly metric: MetricName;
  /** Equal keys may be judged: formulas and workload are the same. */
  readonly workloadHash: string;
  readonly formulas: string;
  /** A median, unless `statistic` says otherwise. */
  readonly value: number;
  readonly statistic: 'median' | 'mean' | 'total' | 'p99';
  readonly n: number | null;
  /** One per repetition; empty where nobody kept them. */
  readonly values: readonly number[];
}

/** One side of a diff: a measured or an imported run, as facts and figures. */
export interface DiffSource {
  readonly head: ReportDiff['a'];
  readonly facts: readonly Fact[];
  readonly models: readonly {
    readonly modelId: string;
    readonly label: string;
    readonly facts: readonly Fact[];
  }[];
  readonly figures: readonly DiffFigure[];
  readonly remarks: readonly string[];
  /** Of the machine that measured this side; `null` = none is known. */
  readonly noiseFloor: NoiseFloor | null;
}

const build = factsOf('build');

const figuresOf = ({ run, repetitions }: ReportedRun): readonly DiffFigure[] =>
  run.cells.flatMap((cell) =>
    metricNameSchema.options.flatMap((metric): readonly DiffFigure[] => {
      const estimate = cell.metrics[metric];
      if (cell.state !== 'done' || estimate === undefined) return [];
      return [
        {
          modelId: cell.modelId,
          ladder: cell.ladder,
          test: cell.test,
          metric,
          workloadHash: cell.workloadHash,
          formulas: `Dyno formulas version ${run.metricsVersion}`,
          value: estimate.median,
          statistic: 'median',
          n: estimate.n,
          values: valuesOf(repetitions[cell.id] ?? [], metric),
        },
      ];
    }),
  );

const labelOf = (model: BenchRun['models'][number]): string => `${model.name} ${model.quantization}`;

export const measuredSource = (
  reported: ReportedRun,
  { remarks, noiseFloor }: Pick<DiffSource, 'remarks' | 'noiseFloor'>,
): DiffSource => {
  const { run } = reported;
  return {
    head: { title: run.name, id: run.id, atMs: run.createdAtMs, kind: 'measured' },
    facts: [
      ...machineFacts(run.machine),
      ...conditionFacts(reported),
      build('Dyno', run.dynoVersion),
      build('Formulas', `version ${run.metricsVersion}`),
      ...workloadFacts(reported),
    ],
    models: run.models.map((model) => ({
      modelId: model.modelId,
      label: labelOf(model),
      facts: [...fileFacts(model), ...engineFacts(model)],
    })),
    figures: figuresOf(reported),
    remarks,
    noiseFloor,
  };
};

export const importedSource = (run: ImportedRun): DiffSource => ({
  head: { title: run.name, id: run.id, atMs: run.measuredAtMs ?? run.importedAtMs, kind: 'imported' },
  facts: [
    build('Measured by', `${toolNames[run.tool]}${run.toolVersion === null ? '' : ` ${run.toolVersion}`}`),
    ...run.facts,
  ],
  models: run.models.map(({ modelId, name, facts }) => ({ modelId, label: name, facts })),
  figures: run.cells.flatMap((cell) =>
    cell.figures.map((figure) => ({
      modelId: cell.modelId,
      ladder: cell.ladder,
      test: cell.test,
      metric: figure.metric,
      workloadHash: cell.workloadHash,
      formulas: `${toolNames[run.tool]}'s formulas`,
      value: figure.value,
      statistic: figure.statistic,
      n: figure.n,
      values: figure.values,
    })),
  ),
  remarks:
    run.notConverted.length === 0
      ? []
      : [`not converted of ${run.fileName}: ${run.notConverted.map(({ field }) => field).join(', ')}.`],
  noiseFloor: null,
});
