import type { Cell } from '../../../shared/contract/bench.ts';

/** What a cell is, whatever was found in it. */
export type CellIdentity = Pick<Cell, 'id' | 'modelId' | 'ladder' | 'test' | 'workload' | 'workloadHash'>;

/** A cell before anything was measured in it. */
export const freshCell = ({ id, modelId, ladder, test, workload, workloadHash }: CellIdentity): Cell => ({
  id,
  modelId,
  ladder,
  test,
  workload,
  workloadHash,
  state: 'waiting',
  metrics: {},
  percentiles: {},
  counts: { warmups: 0, repetitions: 0, requests: 0, errors: 0, finishReasons: {} },
  peakResidentBytes: null,
  cpuPerWall: null,
  trust: null,
  error: null,
  startedAtMs: null,
  endedAtMs: null,
});
