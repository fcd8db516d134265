import { describe, expect, it } from 'vitest';
import type { AppEvent, EventBody } from '../../../shared/events/events.ts';
import { emptyAppState, reduceApp } from '../../../shared/events/reduce-app.ts';
import { progressOf, reduceRun } from '../../../shared/events/reduce-run.ts';
import { finishedRun, newRun } from '../../support/fake-app-host/bench.ts';
import { demoModel } from '../../support/fake-app-host/models.ts';

const event = (seq: number, body: EventBody): AppEvent => ({ seq, atMs: 1000 + seq, body });
const f16 = demoModel('F16');
const q8 = demoModel('Q8_0');

describe('the app state', () => {
  it('puts new objects in front and replaces known ones where they stand', () => {
    const state = [
      event(1, { type: 'model.added', model: f16 }),
      event(2, { type: 'model.added', model: q8 }),
      event(3, { type: 'model.changed', model: { ...f16, sha256: null } }),
    ].reduce(reduceApp, emptyAppState);
    expect({
      seq: state.seq,
      models: state.models.map((model) => [model.id, model.sha256 === null]),
    }).toEqual({
      seq: 3,
      models: [
        [q8.id, false],
        [f16.id, true],
      ],
    });
  });

  it('ignores an event it has seen, so that a resumed stream may overlap', () => {
    const once = reduceApp(emptyAppState, event(5, { type: 'model.added', model: f16 }));
    const again = reduceApp(once, event(5, { type: 'model.removed', modelId: f16.id }));
    expect(again).toBe(once);
  });

  it('forgets what was removed', () => {
    const state = [
      event(1, { type: 'model.added', model: f16 }),
      event(2, { type: 'model.removed', modelId: f16.id }),
    ].reduce(reduceApp, emptyAppState);
    expect(state.models).toEqual([]);
  });

  it('moves on over events it has no use for', () => {
    expect(reduceApp(emptyAppState, event(9, { type: 'bench.ended', runId: 'run' })).seq).toBe(9);
  });
});

describe('the progress of a run', () => {
  const run = newRun('run_1', 'Run', [f16], 'quick', 1000);
  const [first] = run.cells;
  const cellId = first?.id ?? '';

  it('follows cells, repetitions and notes to the end', () => {
    const finished = finishedRun(run).cells[0];
    if (finished === undefined) expect.unreachable();
    const repetition = {
      index: 0,
      isWarmup: true,
      startedAtMs: 1,
      wallMs: 2,
      cpuPerWall: null,
      values: {},
      residentBytes: null,
    };
    const bodies: readonly EventBody[] = [
      { type: 'bench.cell-started', runId: 'run_1', cellId },
      { type: 'bench.repetition-measured', runId: 'run_1', cellId, repetition },
      { type: 'bench.noted', runId: 'run_1', text: 'warm' },
    ];
    const middle = bodies.map((body, index) => event(index, body)).reduce(reduceRun, progressOf(run, []));
    expect({
      current: middle.currentCellId,
      state: middle.cells[0]?.state,
      counts: middle.counts,
      notes: middle.notes,
    }).toEqual({
      current: cellId,
      state: 'running',
      counts: { [cellId]: { warmups: 1, measured: 0 } },
      notes: [{ atMs: 1002, text: 'warm' }],
    });

    const end = [
      event(4, { type: 'bench.cell-finished', runId: 'run_1', cell: finished }),
      event(5, { type: 'bench.ended', runId: 'run_1' }),
    ].reduce(reduceRun, middle);
    expect([end.currentCellId, end.cells[0]?.state, end.hasEnded]).toEqual([null, 'done', true]);
  });

  it('is untouched by another run', () => {
    const before = progressOf(run, []);
    expect(reduceRun(before, event(1, { type: 'bench.noted', runId: 'other', text: 'x' }))).toBe(before);
  });

  it('begins with what was stored: finished cells become the log that was missed', () => {
    const stored = progressOf(finishedRun(run), []);
    expect({ hasEnded: stored.hasEnded, log: stored.notes.map((note) => note.text) }).toEqual({
      hasEnded: true,
      log: [
        'F16 pp512 measured',
        'F16 tg128 measured',
        'F16 single-stream measured',
        'F16 closed-loop x4 measured',
      ],
    });
  });
});
