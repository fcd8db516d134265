import type { Cell } from '../../../shared/contract/bench.ts';

/** How far a run is. `fraction` counts all cells, also those an earlier start finished. */
export interface RunProgress {
  readonly fraction: number;
  /** Milliseconds until the end at the pace of this start; `null` until a tenth of its work is done. */
  readonly etaMs: number | null;
}

export interface ProgressMeter {
  now(): RunProgress;
  /** One repetition, warm-up or measured, of a cell is done. */
  step(cellId: string): RunProgress;
  /** The cell is over, however many repetitions it took. */
  finish(cellId: string): RunProgress;
}

/** An adaptive warm-up takes at least three repetitions; more are not foreseen. */
const expectedWarmUps = 3;
const minimumShareForEta = 0.1;

/** Progress in repetitions: a cell is its expected warm-ups and its repetitions, and never more than whole. */
export const createProgressMeter = (
  cells: readonly Pick<Cell, 'id' | 'state'>[],
  repetitions: number,
  clock: { monotonicMs(): number },
): ProgressMeter => {
  const unitsPerCell = expectedWarmUps + repetitions;
  const done = new Map(cells.map((cell) => [cell.id, cell.state === 'waiting' ? 0 : unitsPerCell]));
  const total = cells.length * unitsPerCell;
  const sum = () => [...done.values()].reduce((units, own) => units + own, 0);
  const startUnits = sum();
  const startMs = clock.monotonicMs();

  const report = (): RunProgress => {
    const units = sum();
    const share = (units - startUnits) / Math.max(1, total - startUnits);
    const elapsedMs = clock.monotonicMs() - startMs;
    return {
      fraction: units / total,
      etaMs: share < minimumShareForEta ? null : (elapsedMs / share) * (1 - share),
    };
  };
  return {
    now: report,
    step: (cellId) => {
      // the last unit stays open until the cell is over, because extra repetitions may follow
      done.set(cellId, Math.min(unitsPerCell - 1, (done.get(cellId) ?? 0) + 1));
      return report();
    },
    finish: (cellId) => {
      done.set(cellId, unitsPerCell);
      return report();
    },
  };
};
