import type {
  BenchModel,
  BenchRun,
  Cell,
  ComparisonRow,
  MetricName,
  Repetition,
} from '../../../shared/contract/bench.ts';
import { valuesOf } from '../figures/finish-cell.ts';
import { combineTrust } from '../trust/combine-trust.ts';

/** A run with the repetitions its comparison needs. */
export interface ComparedRun {
  readonly run: BenchRun;
  readonly repetitions: (cellId: string) => readonly Repetition[];
}

/** The cells a row's headline figures come from. */
export interface RowCells {
  readonly prefill: Cell | undefined;
  readonly decode: Cell | undefined;
  readonly singleStream: Cell | undefined;
  readonly shared: Cell | undefined;
}

/** A row in the making: the measured part, without what depends on other rows. */
export interface RowSource {
  readonly run: BenchRun;
  readonly model: BenchModel;
  readonly cells: RowCells;
  /** Measured cells, in the run's order. */
  readonly done: readonly Cell[];
  /** Values of a cell's metrics, one per measured repetition. */
  readonly values: (cell: Cell) => (metric: MetricName) => readonly number[];
  /** Decode speed of each measured repetition, tokens/s. */
  readonly decodeSpeeds: readonly number[];
  readonly measured: Omit<ComparisonRow, 'decodeRatio' | 'isBase' | 'isDominated'>;
}

const pickCells = (cells: readonly Cell[]): RowCells => {
  const done = cells.filter((cell) => cell.state === 'done');
  const engine = (kind: string) =>
    done.find(
      ({ ladder, workload }) =>
        ladder === 'engine' &&
        workload['kind'] === kind &&
        workload['depth'] === 0 &&
        workload['sequences'] === 1,
    );
  const api = (profile: string) =>
    done.find(({ ladder, workload }) => ladder === 'api' && workload['profile'] === profile);
  return {
    prefill: engine('prefill'),
    decode: engine('decode'),
    singleStream: api('single-stream'),
    shared: api('closed-loop'),
  };
};

/**
 * 1 − API / engine, percent, both with one stream. `null` where the server came out faster than the engine behind it:
 * then something disturbed the one or the other, and a negative cost would be an invented figure.
 */
const overheadPercent = (cells: RowCells): number | null => {
  const engine = cells.decode?.metrics.decodeTps?.median;
  const api = cells.singleStream?.metrics.decodeTps?.median;
  return engine === undefined || api === undefined || api > engine ? null : (1 - api / engine) * 100;
};

const largest = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
};

/** The energy of the decode test by device. */
const energyOf = ({ decode }: RowCells): ComparisonRow['energy'] =>
  (decode?.conditions?.energy ?? []).map(({ device, value, reason, perToken, perTokenAboveIdle }) => ({
    device,
    perToken,
    perTokenAboveIdle,
    windowJoulesPerToken: value?.joulesPerToken ?? null,
    reason: perToken === null ? reason : null,
  }));

const qualityOf = ({ judges }: BenchRun, { modelId }: BenchModel): ComparisonRow['quality'] => {
  const state = judges.find((step) => step.modelId === modelId)?.state;
  return state?.type === 'judged' ? state.figures : null;
};

const rowOf = ({ run, repetitions }: ComparedRun, model: BenchModel): RowSource => {
  const own = run.cells.filter((cell) => cell.modelId === model.modelId);
  const cells = pickCells(own);
  return {
    run,
    model,
    cells,
    done: own.filter((cell) => cell.state === 'done'),
    values: (cell) => {
      const measured = repetitions(cell.id);
      return (metric) => valuesOf(measured, metric);
    },
    decodeSpeeds: cells.decode === undefined ? [] : valuesOf(repetitions(cells.decode.id), 'decodeTps'),
    measured: {
      runId: run.id,
      modelId: model.modelId,
      name: model.name,
      quantization: model.quantization,
      variant: model.variant,
      sizeBytes: model.sizeBytes,
      bitsPerWeight: model.bitsPerWeight,
      isSynthetic: model.isSynthetic,
      prefillTps: cells.prefill?.metrics.prefillTps ?? null,
      decodeTps: cells.decode?.metrics.decodeTps ?? null,
      ttftMs: cells.singleStream?.metrics.ttftMs ?? null,
      apiDecodeTps: cells.singleStream?.metrics.decodeTps ?? null,
      systemTps: cells.shared?.metrics.systemTps ?? null,
      peakResidentBytes: largest(own.map((cell) => cell.peakResidentBytes)),
      energy: energyOf(cells),
      servingOverheadPercent: overheadPercent(cells),
      quality: qualityOf(run, model),
      trust: combineTrust(own, () => ''), // the row says which model it is
    },
  };
};

/** A file that could not be made is no row: nothing of it exists. */
const isThere = ({ makes }: BenchRun, { modelId }: BenchModel): boolean =>
  makes.every((make) => make.modelId !== modelId || make.state.type === 'made');

/** A row for every model of every run, in the runs' order. */
export const rowSources = (compared: readonly ComparedRun[]): readonly RowSource[] =>
  compared.flatMap((entry) =>
    entry.run.models.filter((model) => isThere(entry.run, model)).map((model) => rowOf(entry, model)),
  );
