import { engineTestSchema, type BenchRun, type Cell, type EngineTest } from '../../shared/contract/bench.ts';
import type { BenchModel } from '../../shared/contract/bench-model.ts';
import type { CheckedSpeed, ForecastCheck } from '../../shared/contract/forecast.ts';

interface Forecast {
  readonly modelId: string;
  readonly depth: number;
  readonly decodeTps: number;
  readonly prefillTps: number;
}

/** What is read of a cell, and of a run. */
type MeasuredCell = Pick<Cell, 'modelId' | 'ladder' | 'state' | 'test' | 'workload' | 'metrics'>;
export interface MeasuredRun extends Pick<BenchRun, 'id'> {
  readonly spec: Pick<BenchRun['spec'], 'settings'>;
  readonly models: readonly Pick<BenchModel, 'modelId' | 'engine'>[];
  readonly cells: readonly MeasuredCell[];
}

interface Measured {
  readonly runId: string;
  readonly cell: MeasuredCell;
  readonly test: EngineTest;
}

/** What a forecast speaks of: the processor alone, an F16 cache, and threads that nobody set. */
const isComparable = (run: MeasuredRun, modelId: string): boolean => {
  const engine = run.models.find((model) => model.modelId === modelId)?.engine;
  if (engine === null || engine === undefined) return false;
  const { threads = 'auto' } = run.spec.settings;
  return (
    engine.gpuLayers === 0 && engine.kvKeyType === 'F16' && engine.kvValueType === 'F16' && threads === 'auto'
  );
};

/** Finished cells of the engine ladder with one sequence, of the newest run first. */
const measuredOf = (runs: readonly MeasuredRun[], modelId: string): readonly Measured[] =>
  runs
    .filter((run) => isComparable(run, modelId))
    .flatMap((run) =>
      run.cells.flatMap((cell) => {
        if (cell.modelId !== modelId || cell.ladder !== 'engine' || cell.state !== 'done') return [];
        const test = engineTestSchema.safeParse(cell.workload);
        return test.success && test.data.sequences === 1 ? [{ runId: run.id, cell, test: test.data }] : [];
      }),
    );

const checked = (
  found: Measured | undefined,
  metric: 'decodeTps' | 'prefillTps',
  predicted: number,
): CheckedSpeed | null => {
  const tokensPerSecond = found?.cell.metrics[metric]?.median;
  if (found === undefined || tokensPerSecond === undefined || tokensPerSecond <= 0) return null;
  const errorPercent = (100 * (predicted - tokensPerSecond)) / tokensPerSecond;
  return { runId: found.runId, test: found.cell.test, tokensPerSecond, errorPercent };
};

/**
 * Holds a forecast against what benchmarks of the model measured here, like against like.
 * @param runs newest first
 */
export const checkForecast = (runs: readonly MeasuredRun[], forecast: Forecast): ForecastCheck => {
  const all = measuredOf(runs, forecast.modelId);
  const decodes = all.filter(({ test }) => test.kind === 'decode');
  const atDepth = decodes.find(({ test }) => test.depth === forecast.depth);
  const prefill = all.find(({ test }) => test.kind === 'prefill' && test.depth === 0);
  const depths = new Set(decodes.map(({ test }) => test.depth));
  return {
    decode: checked(atDepth, 'decodeTps', forecast.decodeTps),
    prefill: checked(prefill, 'prefillTps', forecast.prefillTps),
    otherDepths: atDepth === undefined ? [...depths].sort((a, b) => a - b) : [],
  };
};
