import type { Comparison } from '../../../shared/contract/bench.ts';
import type {
  FullComparison,
  ImportedCell,
  ImportedFigure,
  ImportedRow,
  ImportedRun,
} from '../../../shared/contract/imports.ts';

const figureIn = (cells: readonly ImportedCell[], metric: ImportedFigure['metric']): ImportedFigure | null =>
  cells.flatMap(({ figures }) => figures).find((figure) => figure.metric === metric) ?? null;

/** The cells a row's headline figures come from, as for Dyno's own runs: depth 0, one user, then the shared load. */
const rowOf = (run: ImportedRun, model: ImportedRun['models'][number]): ImportedRow => {
  const own = run.cells.filter((cell) => cell.modelId === model.modelId);
  const engine = own.filter((cell) => cell.ladder === 'engine' && cell.workload['depth'] === 0);
  const api = own.filter((cell) => cell.ladder === 'api');
  const alone = api.filter((cell) => cell.test === 'single-stream');
  const shared = api.filter((cell) => cell.test !== 'single-stream');
  return {
    runId: run.id,
    modelId: model.modelId,
    name: model.name,
    quantization: model.quantization,
    sizeBytes: model.sizeBytes,
    tool: run.tool,
    prefillTps: figureIn(engine, 'prefillTps'),
    decodeTps: figureIn(engine, 'decodeTps'),
    ttftMs: figureIn(alone.length > 0 ? alone : shared, 'ttftMs'),
    apiDecodeTps: figureIn(alone.length > 0 ? alone : shared, 'decodeTps'),
    systemTps: figureIn(shared, 'systemTps'),
  };
};

/** Why an imported run is never judged against Dyno's own, in words. */
const differenceOf = ({ name, tool, cells }: ImportedRun): string => {
  const tests = [...new Set(cells.map((cell) => cell.test))].join(', ');
  const remarks = [...new Set(cells.flatMap(({ figures }) => figures.flatMap(({ remark }) => remark ?? [])))];
  return `“${name}” was measured by ${tool} (${tests}) under its own workload and clock: its figures stand beside, without a verdict${remarks.length === 0 ? '' : `; ${remarks.join('; ')}`}.`;
};

/** Lays imported runs beside a comparison and says what differs. Pure. */
export const withImported = (comparison: Comparison, runs: readonly ImportedRun[]): FullComparison => ({
  ...comparison,
  imported: runs.flatMap((run) => run.models.map((model) => rowOf(run, model))),
  differences: [...comparison.differences, ...runs.map(differenceOf)],
});
