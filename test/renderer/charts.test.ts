import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecording } from '../../electron/hardware/telemetry/replay.ts';
import { decimate } from '../../renderer/charts/decimate.ts';
import { niceTicks } from '../../renderer/charts/nice-ticks.ts';
import { placeLabels } from '../../renderer/charts/place-labels.ts';
import { createPointSeries } from '../../renderer/charts/point-series.ts';
import { bandsOf, createRunLines } from '../../renderer/pages/bench/live/run-lines.ts';
import { speedSizeSpec } from '../../renderer/pages/bench/compare/speed-size.ts';
import { finishedRun, newRun } from '../support/fake-app-host/bench.ts';
import { compareRuns } from '../support/fake-app-host/comparison.ts';
import { fakeTelemetry } from '../support/fake-app-host/machine.ts';
import { demoModel } from '../support/fake-app-host/models.ts';

describe('a line of points', () => {
  it('forgets its oldest points and never grows beyond a quarter above its capacity', () => {
    const series = createPointSeries(100);
    for (let x = 0; x < 1000; x += 1) series.push(x, x);
    expect(series.points.length).toBeLessThanOrEqual(125);
    expect(series.points.at(-1)).toEqual({ x: 999, y: 999 });
  });

  it('keeps its peaks and dips when it is thinned out', () => {
    const points = Array.from({ length: 10_000 }, (_, x) => ({
      x,
      y: x === 5_003 ? 90 : x === 7_001 ? -90 : 1,
    }));
    const thin = decimate(points, 200);
    const values = thin.map((point) => point.y);
    expect(thin.length).toBeLessThanOrEqual(202);
    expect([values.includes(90), values.includes(-90)]).toEqual([true, true]);
    expect(thin.every((point, index) => index === 0 || point.x >= (thin[index - 1]?.x ?? 0))).toBe(true);
  });

  it('keeps a gap a gap', () => {
    const points = Array.from({ length: 400 }, (_, x) => ({ x, y: x > 100 && x < 300 ? null : 5 }));
    expect(decimate(points, 40).some((point) => point.y === null)).toBe(true);
  });

  it('comes back as it is when it is short', () => {
    const points = [{ x: 1, y: 1 }];
    expect(decimate(points, 10)).toBe(points);
  });
});

describe('the ticks of an axis', () => {
  it.each([
    [6190, 3, [0, 5000]],
    [12.3, 4, [0, 5, 10]],
    [0.0069, 2, [0, 0.005]],
    [0.7, 4, [0, 0.2, 0.4, 0.6]],
    [4, 4, [0, 2, 4]],
    [23_000_000, 4, [0, 10_000_000, 20_000_000]],
    [2e-5, 3, [0, 1e-5, 2e-5]],
    [420, 2, [0, 400]],
    [99, 2, [0, 50]],
  ])('up to %d, %d at most, are round: %j', (max, most, ticks) => {
    expect(niceTicks(0, max, most)).toEqual(ticks);
  });

  it('begin at a round value above the lower end, and are none where there is no range', () => {
    expect([niceTicks(-3, 12, 4), niceTicks(7, 7, 4), niceTicks(0, NaN, 4)]).toEqual([[0, 5, 10], [], []]);
  });
});

describe('the lines of a run', () => {
  const tick = (atMs: number) => ({
    atMs,
    cellId: 'c',
    tokensPerSecond: 10,
    ttftsMs: [7],
    residentBytes: null,
  });

  it('place monotonic ticks on the wall clock of the run by the readings', () => {
    const lines = createRunLines(100_000);
    lines.addTick(tick(5_000));
    lines.addTelemetry(fakeTelemetry(0, 5_500, 101_500));
    expect(lines.tokensPerSecond.points).toEqual([{ x: 1, y: 10 }]);
    expect(lines.ttft.points).toEqual([{ x: 1, y: 7 }]);
    expect(lines.memory.points).toEqual([{ x: 1, y: null }]);
  });

  it('take a point once when stored and live ones overlap', () => {
    const lines = createRunLines(0);
    lines.addAll(
      [
        { tick: null, telemetry: fakeTelemetry(0, 0, 0) },
        { tick: tick(100), telemetry: null },
      ],
      [],
    );
    lines.addTick(tick(100));
    expect(lines.tokensPerSecond.points).toHaveLength(1);
  });

  it('have a band per started cell', () => {
    const run = finishedRun(newRun('run', 'Run', [demoModel('F16')], 'quick', 1_000));
    expect(bandsOf(run, run.cells).slice(0, 2)).toEqual([
      { fromX: 0, toX: 1.9, label: 'F16 pp512' },
      { fromX: 2, toX: 3.9, label: 'F16 tg128' },
    ]);
  });
});

it('the frontier joins the files that none beats in speed and size, from small to large', () => {
  const models = ['F16', 'Q8_0', 'Q4_K_M', 'Q2_K'].map(demoModel);
  const run = finishedRun(newRun('run', 'Run', models, 'quick', 0));
  const spec = speedSizeSpec(compareRuns([run], undefined), null);
  expect(spec.frontier.map((point) => point.y)).toEqual([2960, 3180]);
  expect(spec.points.map((point) => [point.label, point.role])).toEqual([
    ['F16', 'base'],
    ['Q8_0', 'dominated'],
    ['Q4_K_M', 'pick'],
    ['Q2_K', 'plain'],
  ]);
});

it('two settings of one file have names of their own in the picture', () => {
  const run = finishedRun(newRun('run', 'Run', [demoModel('Q8_0')], 'quick', 0));
  const { rows, ...others } = compareRuns([run], undefined);
  const arms = [1, 2].map((threads) => ({
    of: 'demo-Q8_0',
    label: `threads ${threads}`,
    settings: { threads },
  }));
  const twice = { ...others, rows: arms.flatMap((variant) => rows.map((row) => ({ ...row, variant }))) };
  expect(speedSizeSpec(twice, null).points.map(({ label }) => label)).toEqual([
    'Q8_0 (threads 1)',
    'Q8_0 (threads 2)',
  ]);
});

describe('names beside marks', () => {
  const area = { left: 0, right: 400, top: 0, bottom: 300 };
  const mark = (x: number, y: number) => ({ x, y, radiusPx: 6, widthPx: 60 });
  const boxesOf = (marks: readonly ReturnType<typeof mark>[]) =>
    placeLabels(marks, 14, area).map(({ x, y }) => ({ left: x, right: x + 60, top: y - 7, bottom: y + 7 }));

  it('stand to the right, and to the left where the picture ends', () => {
    expect(placeLabels([mark(100, 100), mark(380, 200)], 14, area)).toEqual([
      { x: 111.5, y: 100 },
      { x: 308.5, y: 200 },
    ]);
  });

  it('cover neither each other nor a mark, however close the marks lie', () => {
    const marks = [mark(200, 150), mark(206, 152), mark(198, 158), mark(215, 147)];
    const boxes = boxesOf(marks);
    const covered = boxes.flatMap((box, index) => [
      ...boxes.filter(
        (other, at) =>
          at > index &&
          box.left < other.right &&
          other.left < box.right &&
          box.top < other.bottom &&
          other.top < box.bottom,
      ),
      ...marks.filter(
        ({ x, y }) => box.left < x + 6 && x - 6 < box.right && box.top < y + 6 && y - 6 < box.bottom,
      ),
    ]);
    expect(covered).toEqual([]);
  });
});

describe('a run whose models take turns', () => {
  it('has one phase per test, and the line breaks where nothing was generated', () => {
    const run = finishedRun(newRun('run', 'Run', ['F16', 'Q8_0'].map(demoModel), 'quick', 0));
    const cells = run.cells.map((cell) => ({
      ...cell,
      startedAtMs: cell.test === 'pp512' ? 1_000 : 5_000,
      endedAtMs: cell.test === 'pp512' ? 4_000 : null,
    }));
    expect(
      bandsOf(
        run,
        cells.filter((cell) => cell.ladder === 'engine'),
      ),
    ).toEqual([
      { label: 'pp512', fromX: 1, toX: 4 },
      { label: 'tg128', fromX: 5, toX: Infinity },
    ]);
    const lines = createRunLines(0);
    lines.addTelemetry(fakeTelemetry(0, 0, 0));
    for (const atMs of [1_000, 1_200, 9_200])
      lines.addTick({ atMs, cellId: 'c', tokensPerSecond: 5, ttftsMs: [], residentBytes: null });
    expect(lines.tokensPerSecond.points.map((point) => point.y)).toEqual([5, 5, null, 5]);
  });
});

describe('the axis of a run that watched a recording', () => {
  it('carries speed, memory, power, clock and temperature over the same seconds', () => {
    const recording = parseRecording(
      readFileSync(new URL('../../resources/telemetry/demo-workstation.jsonl', import.meta.url), 'utf8'),
    ).slice(0, 40);
    const [first] = recording;
    const lines = createRunLines(first?.wallMs ?? 0);
    lines.addAll(
      recording.map((telemetry) => ({
        telemetry,
        tick: {
          atMs: telemetry.atMs + 1,
          cellId: 'c1',
          tokensPerSecond: 50,
          ttftsMs: [],
          residentBytes: 2 ** 30,
        },
      })),
      [],
    );
    const endX = ((recording.at(-1)?.atMs ?? 0) - (first?.atMs ?? 0)) / 1000;
    const series = [
      lines.tokensPerSecond,
      lines.memory,
      lines.power,
      lines.clock,
      lines.temperature,
      lines.cpu,
    ];
    for (const { points } of series) {
      expect(points.filter(({ y }) => y !== null)).toHaveLength(40);
      expect(points.at(-1)?.x).toBeCloseTo(endX, 2);
    }
    expect(lines.power.points.map(({ y }) => y)).toEqual(recording.map(({ gpus }) => gpus[0]?.powerWatts));
    expect(lines.memory.points.at(-1)?.y).toBe(1);
  });
});
