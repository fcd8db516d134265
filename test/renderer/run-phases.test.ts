import { describe, expect, it } from 'vitest';
import { phasesOf } from '../../renderer/pages/bench/live/run-phases.ts';
import { createRunLines } from '../../renderer/pages/bench/live/run-lines.ts';
import { addSpan, type MeasuredSpan } from '../../shared/events/measured-spans.ts';
import { progressOf } from '../../shared/events/reduce-run.ts';
import { newRun } from '../support/fake-app-host/bench.ts';
import { fakeTelemetry } from '../support/fake-app-host/machine.ts';
import { demoModel } from '../support/fake-app-host/models.ts';

const run = newRun('run', 'Run', ['F16', 'Q8_0'].map(demoModel), 'quick', 100_000);
const idOf = (quantization: string, test: string): string => {
  const { modelId } = run.models.find((model) => model.quantization === quantization) ?? {};
  return run.cells.find((cell) => cell.modelId === modelId && cell.test === test)?.id ?? '';
};
const modelIdOf = (quantization: string): string =>
  run.models.find((model) => model.quantization === quantization)?.modelId ?? '';

/** A repetition from `fromS` to `toS`, seconds of the monotonic clock. */
const repetition = (cellId: string, isWarmup: boolean, fromS: number, toS: number) => ({
  cellId,
  isWarmup,
  startedAtMs: fromS * 1000,
  wallMs: (toS - fromS) * 1000,
  index: 0,
  cpuPerWall: null,
  values: {},
  residentBytes: null,
});

const load = (quantization: string, fromS: number, toS: number | null) => ({
  modelId: modelIdOf(quantization),
  startedAtMs: run.createdAtMs + fromS * 1000,
  endedAtMs: toS === null ? null : run.createdAtMs + toS * 1000,
});

/** Both clocks began with the run. */
const axis = {
  xOfWall: (atMs: number) => (atMs - run.createdAtMs) / 1000,
  xOfMonotonic: (atMs: number) => atMs / 1000,
};

const shown = (
  loads: readonly ReturnType<typeof load>[],
  repetitions: readonly ReturnType<typeof repetition>[],
) =>
  phasesOf(progressOf({ ...run, loads: [...loads] }, repetitions), axis).map(({ label, fromX, toX }) => [
    label,
    fromX,
    toX,
  ]);

describe('the phases of a run', () => {
  it('are the load, and per test its warm-up and what it measures, by the kind of the test', () => {
    const [prefill, decode, api] = [idOf('F16', 'pp512'), idOf('F16', 'tg128'), idOf('F16', 'single-stream')];
    expect(
      shown(
        [load('F16', 1, 4)],
        [
          repetition(prefill, true, 4, 5),
          repetition(prefill, true, 5, 6),
          repetition(prefill, false, 6, 7),
          repetition(prefill, false, 7.1, 8),
          repetition(decode, true, 8, 9),
          repetition(decode, false, 9, 11),
          repetition(api, false, 12, 15),
        ],
      ),
    ).toEqual([
      ['load', 1, 4],
      ['warm-up', 4, 6],
      ['prefill', 6, 8],
      ['warm-up', 8, 9],
      ['decode', 9, 11],
      ['API', 12, 15],
    ]);
  });

  it('are shared by models that take turns within a test', () => {
    const [one, two] = [idOf('F16', 'tg128'), idOf('Q8_0', 'tg128')];
    expect(
      shown(
        [load('F16', 0, 1), load('Q8_0', 1, 3)],
        [
          repetition(one, true, 3, 4),
          repetition(two, true, 4, 5),
          repetition(one, false, 5, 6),
          repetition(two, false, 6, 7),
          repetition(two, false, 7, 8),
          repetition(one, false, 8, 9),
        ],
      ),
    ).toEqual([
      ['load', 0, 3],
      ['warm-up', 3, 5],
      ['decode', 5, 9],
    ]);
  });

  it('part two tests of one kind, and tests between which a model is loaded again', () => {
    const [one, two] = [idOf('F16', 'single-stream'), idOf('F16', 'closed-loop x4')];
    expect(
      shown(
        [load('F16', 5, 6)],
        [repetition(one, false, 1, 3), repetition(two, false, 3, 5), repetition(one, false, 6, 8)],
      ),
    ).toEqual([
      ['API', 1, 3],
      ['API', 3, 5],
      ['load', 5, 6],
      ['API', 6, 8],
    ]);
  });

  it('end a load that was never told to have ended where the next phase begins', () => {
    expect(shown([load('F16', 1, null)], [])).toEqual([['load', 1, Infinity]]);
    expect(shown([load('F16', 1, null)], [repetition(idOf('F16', 'tg128'), true, 7, 8)])).toEqual([
      ['load', 1, 7],
      ['warm-up', 7, 8],
    ]);
  });

  it('stand on the axis of the lines, repetitions by what the readings tell of the two clocks', () => {
    const lines = createRunLines(run.createdAtMs);
    const repetitions = [repetition(idOf('F16', 'tg128'), false, 5, 6)];
    lines.setProgress(progressOf({ ...run, loads: [load('F16', 1, null)] }, repetitions));
    expect(lines.phases().map(({ label }) => label)).toEqual(['load']);
    lines.addTelemetry(fakeTelemetry(0, 6_000, run.createdAtMs + 9_000));
    expect(lines.phases().map(({ label, fromX, toX }) => [label, fromX, toX])).toEqual([
      ['load', 1, 8],
      ['decode', 8, 9],
    ]);
  });
});

describe('spans of repetitions', () => {
  it('grow with each like the last, and are as many as there are changes', () => {
    const one = (cellId: string, isWarmup: boolean, at: number) => ({
      cellId,
      isWarmup,
      startedAtMs: at,
      wallMs: 1,
    });
    const spans = [one('a', true, 0), one('a', true, 1), one('a', false, 2), one('b', false, 3)].reduce<
      readonly MeasuredSpan[]
    >(addSpan, []);
    expect(spans).toEqual([
      { cellId: 'a', isWarmup: true, fromMs: 0, toMs: 2 },
      { cellId: 'a', isWarmup: false, fromMs: 2, toMs: 3 },
      { cellId: 'b', isWarmup: false, fromMs: 3, toMs: 4 },
    ]);
  });
});
