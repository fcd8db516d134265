import type { BenchRun, RunSummary } from '../../../shared/contract/bench.ts';
import { rowSources } from './comparison-rows.ts';

/** A run as lists show it. */
export const summaryOf = (run: BenchRun): RunSummary => {
  const fastest = rowSources([{ run, repetitions: () => [] }])
    .flatMap(({ measured }) =>
      measured.decodeTps === null ? [] : [{ ...measured, decodeTps: measured.decodeTps }],
    )
    .toSorted((a, b) => b.decodeTps.median - a.decodeTps.median)
    .at(0);
  return {
    id: run.id,
    name: run.name,
    createdAtMs: run.createdAtMs,
    endedAtMs: run.endedAtMs,
    state: run.state,
    trust: run.trust,
    makes: run.makes,
    judges: run.judges,
    preset: run.spec.preset,
    isCalibration: run.spec.isCalibration === true,
    modelIds: run.models.map((model) => model.modelId),
    cellsDone: run.cells.filter((cell) => cell.state === 'done').length,
    cellsTotal: run.cells.length,
    bestDecodeTps: fastest?.decodeTps.median ?? null,
    bestModelId: fastest?.modelId ?? null,
    importedFrom: null,
  };
};
