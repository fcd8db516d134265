import type { BenchTick, TimelinePoint } from '../../../shared/contract/bench-tick.ts';
import type { Cell } from '../../../shared/contract/bench.ts';
import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import type { ModelLoad } from '../../../shared/contract/model-load.ts';
import type { Measured } from '../measure/arms.ts';
import type { BenchPorts } from '../ports.ts';

/** Where a run's findings go: into the store first, then out as an event. */
export interface RunRecorder {
  note(text: string): void;
  /** A model is being loaded, until disposed. */
  loading(modelId: string): Disposable;
  started(cell: Cell): void;
  measured(cellId: string, measured: Measured): void;
  /** A cell with its last state: done, failed or cancelled. */
  finished(cell: Cell): void;
  tick(tick: Omit<BenchTick, 'atMs'>): void;
  telemetry(sample: TelemetrySample): void;
  /** Writes what is buffered of the timeline. */
  flush(): void;
}

/** Points held back and written together: about 10 s of timeline. */
const timelineBatch = 64;

export const createRunRecorder = (
  { runs, publish, clock, log }: Pick<BenchPorts, 'runs' | 'publish' | 'clock' | 'log'>,
  runId: string,
): RunRecorder => {
  let points: TimelinePoint[] = [];
  const flush = (): void => {
    if (points.length > 0) runs.addTimeline(runId, points);
    points = [];
  };
  const add = (point: TimelinePoint): void => {
    points.push(point);
    if (points.length >= timelineBatch) flush();
  };
  /** Points of the live page come from callbacks, where nobody catches; the result itself meets the same disk. */
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      log.warn('a point of the timeline was lost', { runId, error });
    }
  };
  return {
    note: (text) => {
      const { notes } = runs.get(runId) ?? { notes: [] };
      runs.update(runId, { notes: [...notes, { atMs: clock.nowMs(), text }] });
      publish({ type: 'bench.noted', runId, text });
    },
    loading: (modelId) => {
      const startedAtMs = clock.nowMs();
      const { loads: before } = runs.get(runId) ?? { loads: [] };
      const tell = (load: ModelLoad): void => {
        runs.update(runId, { loads: [...before, load] });
        publish({ type: 'bench.load-changed', runId, load });
      };
      tell({ modelId, startedAtMs, endedAtMs: null });
      return {
        [Symbol.dispose]: () => tell({ modelId, startedAtMs, endedAtMs: clock.nowMs() }),
      };
    },
    started: (cell) => {
      // its turn comes now, which for the second of two arms is later than its loading
      runs.putCell(runId, { ...cell, startedAtMs: clock.nowMs() });
      publish({ type: 'bench.cell-started', runId, cellId: cell.id });
    },
    measured: (cellId, { repetition, samples }) => {
      runs.addRepetition(runId, cellId, repetition);
      if (samples.length > 0) runs.addRequestSamples(runId, cellId, samples);
      publish({ type: 'bench.repetition-measured', runId, cellId, repetition });
    },
    finished: (cell) => {
      runs.putCell(runId, cell);
      publish({ type: 'bench.cell-finished', runId, cell });
    },
    tick: (tick) => {
      const stamped = { ...tick, atMs: clock.monotonicMs() };
      attempt(() => {
        add({ tick: stamped, telemetry: null });
        publish({ type: 'bench.ticked', runId, tick: stamped });
      });
    },
    telemetry: (sample) => attempt(() => add({ tick: null, telemetry: sample })),
    flush,
  };
};
