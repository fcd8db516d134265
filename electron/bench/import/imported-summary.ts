import type { RunSummary } from '../../../shared/contract/bench.ts';
import type { ImportedRun } from '../../../shared/contract/imports.ts';

/** An imported run as lists show it: done, without a trust badge, under the name of its tool. */
export const importedSummaryOf = (run: ImportedRun): RunSummary => {
  const decode = run.cells
    .filter((cell) => cell.ladder === 'engine')
    .flatMap((cell) =>
      cell.figures
        .filter((figure) => figure.metric === 'decodeTps')
        .map((figure) => ({ modelId: cell.modelId, speed: figure.value })),
    )
    .toSorted((a, b) => b.speed - a.speed)
    .at(0);
  return {
    id: run.id,
    name: run.name,
    createdAtMs: run.measuredAtMs ?? run.importedAtMs,
    endedAtMs: null,
    state: { type: 'done', resultId: run.id },
    trust: null,
    preset: run.tool,
    isCalibration: false,
    modelIds: run.models.map(({ modelId }) => modelId),
    cellsDone: run.cells.length,
    cellsTotal: run.cells.length,
    bestDecodeTps: decode?.speed ?? null,
    bestModelId: run.models.find(({ modelId }) => modelId === decode?.modelId)?.name ?? null,
    importedFrom: run.tool,
    makes: [],
    judges: [],
  };
};
