import type { BenchRun, Cell } from '../../../shared/contract/bench.ts';
import type { CellRepetition } from '../../../shared/contract/bench-live.ts';

/** Two warm-ups, then three that count; each ends with one of the steps of a simulated cell. */
export const repetitionEnds: readonly number[] = [2, 4, 7, 10, 13];
const warmups = 2;

/** Repetition `number` of a cell, counted over warm-ups and measured ones; times of the monotonic clock. */
export const fakeRepetition = (
  cell: Cell,
  number: number,
  fromMs: number,
  toMs: number,
  tokensPerSecond: number,
): CellRepetition => ({
  cellId: cell.id,
  index: number < warmups ? number : number - warmups,
  isWarmup: number < warmups,
  startedAtMs: fromMs,
  wallMs: toMs - fromMs,
  cpuPerWall: 0.98,
  values: cell.test === 'pp512' ? { prefillTps: tokensPerSecond } : { decodeTps: tokensPerSecond },
  residentBytes: 200 * 2 ** 20,
});

/** Those of a finished run whose monotonic clock began with it. */
export const fakeRepetitions = (run: BenchRun): readonly CellRepetition[] =>
  run.cells.flatMap((cell) => {
    if (cell.startedAtMs === null || cell.endedAtMs === null) return [];
    const startMs = cell.startedAtMs - run.createdAtMs;
    const load = run.loads.find(({ startedAtMs }) => startedAtMs === cell.startedAtMs);
    const fromMs =
      startMs + (load === undefined ? 0 : (load.endedAtMs ?? load.startedAtMs) - load.startedAtMs);
    const eachMs = (cell.endedAtMs - run.createdAtMs - fromMs) / repetitionEnds.length;
    return repetitionEnds.map((_, number) =>
      fakeRepetition(cell, number, fromMs + number * eachMs, fromMs + (number + 1) * eachMs, 1700),
    );
  });
