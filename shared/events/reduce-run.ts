import type { BenchRun, Cell, Repetition } from '../contract/bench.ts';
import type { JudgeStep } from '../contract/bench-judge.ts';
import type { CellRepetition } from '../contract/bench-live.ts';
import type { MakeStep } from '../contract/bench-make.ts';
import type { ModelLoad } from '../contract/model-load.ts';
import type { AppEvent } from './events.ts';
import { addSpan, type MeasuredSpan } from './measured-spans.ts';

/** One line of a run's log. */
export interface RunNote {
  readonly atMs: number;
  readonly text: string;
}

export interface RepetitionCount {
  readonly warmups: number;
  readonly measured: number;
}

/** A running benchmark as its watchers see it. */
export interface RunProgress {
  readonly runId: string;
  /** Short names of the models, by id. */
  readonly names: Readonly<Record<string, string>>;
  /** Files made for the run, before anything is measured. */
  readonly makes: readonly MakeStep[];
  /** Loads of the models, in order. */
  readonly loads: readonly ModelLoad[];
  readonly cells: readonly Cell[];
  /** Quality, after the measurements. */
  readonly judges: readonly JudgeStep[];
  /** The cell measured last, `null` between cells. */
  readonly currentCellId: string | null;
  /** Repetitions so far by cell; cells of several models take turns, so more than one may be under way. */
  readonly counts: Readonly<Record<string, RepetitionCount>>;
  /** When repetitions were measured, in order. */
  readonly spans: readonly MeasuredSpan[];
  readonly notes: readonly RunNote[];
  readonly hasEnded: boolean;
}

const endStates: ReadonlySet<BenchRun['state']['type']> = new Set([
  'done',
  'failed',
  'cancelled',
  'interrupted',
]);

/** True when nothing of the run is running or waiting any more. */
export const hasRunEnded = (run: Pick<BenchRun, 'state'>): boolean => endStates.has(run.state.type);

/** The sentence that ends a cell in the log; nothing for one that has not ended. */
const endNote = (cell: Cell, names: RunProgress['names']): readonly RunNote[] => {
  if (cell.endedAtMs === null) return [];
  const outcome = cell.state === 'done' ? 'measured' : cell.state;
  const reason = cell.error === null ? '' : `: ${cell.error.message}`;
  return [
    { atMs: cell.endedAtMs, text: `${names[cell.modelId] ?? cell.modelId} ${cell.test} ${outcome}${reason}` },
  ];
};

const countOne = (
  count: RepetitionCount | undefined,
  { isWarmup }: Pick<Repetition, 'isWarmup'>,
): RepetitionCount => ({
  warmups: (count?.warmups ?? 0) + (isWarmup ? 1 : 0),
  measured: (count?.measured ?? 0) + (isWarmup ? 0 : 1),
});

/** Where a watcher begins: with all there is of the run so far. */
export const progressOf = (run: BenchRun, repetitions: readonly CellRepetition[]): RunProgress => {
  const names = Object.fromEntries(run.models.map((model) => [model.modelId, model.quantization]));
  const counts: Record<string, RepetitionCount> = {};
  for (const one of repetitions) counts[one.cellId] = countOne(counts[one.cellId], one);
  const inOrder = repetitions.toSorted((left, right) => left.startedAtMs - right.startedAtMs);
  const latest = inOrder.at(-1)?.cellId;
  const running = run.cells.filter((cell) => cell.state === 'running');
  return {
    runId: run.id,
    names,
    makes: run.makes,
    loads: run.loads,
    cells: run.cells,
    judges: run.judges,
    currentCellId: (running.find((cell) => cell.id === latest) ?? running.at(-1))?.id ?? null,
    counts,
    spans: inOrder.reduce(addSpan, []),
    notes: [...run.notes, ...run.cells.flatMap((cell) => endNote(cell, names))].toSorted(
      (left, right) => left.atMs - right.atMs,
    ),
    hasEnded: hasRunEnded(run),
  };
};

/** A made file may get another id than was expected: its cells follow. */
const withMake = (progress: RunProgress, make: MakeStep): RunProgress => {
  const before = progress.makes.find((one) => one.type === make.type);
  return {
    ...progress,
    names: { ...progress.names, [make.modelId]: make.type },
    makes: progress.makes.map((one) => (one === before ? make : one)),
    cells: progress.cells.map((cell) =>
      cell.modelId === before?.modelId ? { ...cell, modelId: make.modelId } : cell,
    ),
    judges: progress.judges.map((judge) =>
      judge.modelId === before?.modelId ? { ...judge, modelId: make.modelId } : judge,
    ),
  };
};

/** Folds one event of the run; events of other runs and other kinds change nothing. */
export const reduceRun = (progress: RunProgress, event: AppEvent): RunProgress => {
  const { body } = event;
  if (!('runId' in body) || body.runId !== progress.runId) return progress;
  switch (body.type) {
    case 'bench.started':
    case 'bench.ticked':
      return progress;
    case 'bench.make-changed':
      return withMake(progress, body.make);
    case 'bench.judge-changed':
      return {
        ...progress,
        judges: progress.judges.map((one) => (one.modelId === body.judge.modelId ? body.judge : one)),
      };
    case 'bench.load-changed':
      return {
        ...progress,
        loads: [
          ...progress.loads.filter(
            ({ modelId, endedAtMs }) => modelId !== body.load.modelId || endedAtMs !== null,
          ),
          body.load,
        ],
      };
    case 'bench.cell-started':
      return {
        ...progress,
        currentCellId: body.cellId,
        cells: progress.cells.map((cell) =>
          cell.id === body.cellId ? { ...cell, state: 'running', startedAtMs: event.atMs } : cell,
        ),
      };
    case 'bench.repetition-measured':
      return {
        ...progress,
        currentCellId: body.cellId,
        counts: {
          ...progress.counts,
          [body.cellId]: countOne(progress.counts[body.cellId], body.repetition),
        },
        spans: addSpan(progress.spans, { ...body.repetition, cellId: body.cellId }),
      };
    case 'bench.cell-finished':
      return {
        ...progress,
        currentCellId: progress.currentCellId === body.cell.id ? null : progress.currentCellId,
        cells: progress.cells.map((cell) => (cell.id === body.cell.id ? body.cell : cell)),
        notes: [...progress.notes, ...endNote(body.cell, progress.names)],
      };
    case 'bench.noted':
      return { ...progress, notes: [...progress.notes, { atMs: event.atMs, text: body.text }] };
    case 'bench.ended':
      return { ...progress, currentCellId: null, hasEnded: true };
    default:
      return body satisfies never;
  }
};
