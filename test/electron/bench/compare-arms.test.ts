import { describe, expect, it } from 'vitest';
import { openStorage } from '../../../electron/storage/index.ts';
import { benchRunSchema } from '../../../shared/contract/bench.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { benchModel, createBenchWorld } from '../../support/bench-world.ts';

const tests = {
  engineTests: [
    { kind: 'prefill', tokens: 512 },
    { kind: 'decode', tokens: 128 },
  ] as { kind: 'prefill' | 'decode'; tokens: number }[],
};
const [f16, q4] = ['river-1b-F16', 'river-1b-Q4_K_M'] as const;
const apart = (modelId: string) => ({ tokensPerSecond: modelId.endsWith('F16') ? 500 : 950, noise: 0.004 });

describe('two models compared until decided', () => {
  it('stop at the first look when they are plainly apart, with everything the verdict rests on', async () => {
    using world = createBenchWorld({ speedOf: apart });
    const runId = await world.measure({ models: [f16, q4], ...tests, untilDecided: {} });
    const run = world.bench.get(runId);
    expect(benchRunSchema.parse(run)).toEqual(run);
    expect(run.cells.map((cell) => [cell.state, cell.counts.repetitions])).toEqual([
      ...Array<[string, number]>(4).fill(['done', 6]),
    ]);
    const { rows, verdicts, noiseFloor } = world.bench.compare([runId]);
    expect(rows.map((row) => [row.modelId, row.isBase])).toEqual([
      [f16, true],
      [q4, false],
    ]);
    expect(noiseFloor).toBeNull();
    expect(verdicts.map(({ test, metric, verdict }) => [test, metric, verdict])).toEqual([
      ['pp512', 'prefillTps', 'better'],
      ['tg128', 'decodeTps', 'better'],
    ]);
    const decode = verdicts[1];
    expect(decode).toMatchObject({ n: 6, baseN: 6, reason: 'difference', floor: null, isFinal: true });
    expect(decode?.p).toBeCloseTo(2 / 924, 10);
    expect(decode?.confidence).toBeGreaterThan(0.99);
    expect(decode?.difference.value).toBeCloseTo(450, -1);
    expect(decode?.ratio.low).toBeGreaterThan(1.8);
    expect(decode?.paired).toMatchObject({ rounds: 6, higher: 6, p: 2 / 64 });
  });

  it('take turns in whole rounds up to the cap while nothing is decided', async () => {
    using world = createBenchWorld({ speedOf: () => ({ tokensPerSecond: 700, noise: 0.05 }) });
    const runId = await world.measure({
      models: [f16, q4],
      ...tests,
      untilDecided: { maxRepetitions: 12, smallestDifference: 0 },
    });
    const { verdicts } = world.bench.compare([runId]);
    for (const { verdict, n } of verdicts) {
      expect(verdict).toBe('not-distinguishable');
      expect(n).toBeLessThanOrEqual(12);
    }
    expect(verdicts.some(({ n }) => n === 12)).toBe(true);
    const turns = world.events.flatMap((event) =>
      event.type === 'bench.repetition-measured' && !event.repetition.isWarmup && event.cellId.endsWith('-1')
        ? [event.cellId]
        : [],
    );
    expect(turns.slice(0, 4)).toEqual(['c1-1', 'c2-1', 'c2-1', 'c1-1']);
  });

  it('end at a look once their time is spent', async () => {
    using world = createBenchWorld({ speedOf: () => ({ tokensPerSecond: 100, noise: 0.05 }) });
    const runId = await world.measure({
      models: [f16, q4],
      engineTests: [{ kind: 'decode', tokens: 128 }],
      untilDecided: { maxMinutes: 0.4, smallestDifference: 0 },
    });
    const [verdict] = world.bench.compare([runId]).verdicts;
    expect(verdict).toMatchObject({ verdict: 'not-distinguishable', reason: 'overlap', isFinal: false });
    expect(verdict?.n).toBeLessThan(20);
  });

  it('are measured again together when a stop left one test half done', async () => {
    using storage = openStorage(':memory:');
    using world = createBenchWorld({ speedOf: apart, storage });
    const runId = await world.measure({ models: [f16, q4], ...tests, untilDecided: {} });
    const cell = world.bench.get(runId).cells.find(({ id }) => id === 'c2-2');
    if (cell === undefined) throw new Error('no cell');
    storage.runs.putCell(runId, { ...cell, state: 'cancelled' });
    storage.runs.update(runId, { state: { type: 'interrupted' } });
    await world.execute(runId);
    expect(world.bench.get(runId).cells.map(({ state }) => state)).toEqual(Array(4).fill('done'));
    const kinds = world.engine.replicas
      .slice(2)
      .map((replica) => [...new Set(replica.ladderRuns.map((test) => test.kind))]);
    expect(kinds).toEqual([['decode'], ['decode']]);
    expect(world.bench.compare([runId]).verdicts.map(({ n }) => n)).toEqual([6, 6]);
  });

  it('prove nothing alone: the arm whose partner failed is given up', async () => {
    using world = createBenchWorld({ speedOf: apart });
    world.engine.failLoad(q4, new AppError('engine.load-failed', 'bad file'));
    const { runId } = await world.bench.start({ models: [f16, q4], ...tests, untilDecided: {} });
    await expect(world.execute(runId)).rejects.toMatchObject({ code: 'engine.load-failed' });
    expect(world.bench.get(runId).cells.map(({ error }) => error?.code)).toEqual([
      'bench.arm-failed', 'bench.arm-failed', 'engine.load-failed', 'engine.load-failed',
    ]); // prettier-ignore
  });

  it('are refused where they do not fit in memory together, with a way out', async () => {
    using world = createBenchWorld({ speedOf: apart, availableMemoryBytes: 3 * 2 ** 30 });
    const { runId } = await world.bench.start({ models: [f16, q4], ...tests, untilDecided: {} });
    await expect(world.execute(runId)).rejects.toMatchObject({
      code: 'bench.arms-do-not-fit',
      hint: expect.stringContaining('--context') as string,
    });
  });

  it.each([[[f16]], [[f16, q4, 'river-1b-Q8_0']]])('are two, not %j', async (models) => {
    using world = createBenchWorld();
    await expect(world.bench.start({ models, untilDecided: {} })).rejects.toMatchObject({
      code: 'app.bad-input',
    });
  });
});

describe('one model under two settings', () => {
  it('is two arms with names and engines of their own, and a command that repeats it', async () => {
    using world = createBenchWorld({ speedOf: apart });
    const runId = await world.measure({
      models: [f16, f16],
      ownSettings: [{ threads: 2 }, { threads: 8, kvKeyType: 'Q8_0', kvValueType: 'Q8_0' }],
      settings: { batchSize: 256 },
      ...tests,
      untilDecided: { maxRepetitions: 8 },
    });
    const run = world.bench.get(runId);
    expect(run.models.map(({ modelId, variant }) => [modelId, variant?.of, variant?.label])).toEqual([
      [`${f16} (threads 2)`, f16, 'threads 2'],
      [`${f16} (threads 8, KV Q8_0)`, f16, 'threads 8, KV Q8_0'],
    ]);
    expect(run.name).toBe('River 1B: F16 (threads 2), F16 (threads 8, KV Q8_0)');
    expect(
      world.engine.loads.map(({ modelId, settings }) => [modelId, settings.threads, settings.batchSize]),
    ).toEqual([
      [f16, 2, 256],
      [f16, 8, 256],
    ]);
    expect(run.repeatCommand).toBe(
      `dyno compare ${f16} ${f16} --a threads=2 --b threads=8 --b kv-type=Q8_0 --max-repetitions 8 --max-minutes 30 --smallest 1 --preset quick --test pp512 --test tg128 --batch 256`,
    );
    const { verdicts, pick } = world.bench.compare([runId]);
    expect(verdicts.map(({ name }) => name)).toEqual(Array(2).fill('F16 (threads 8, KV Q8_0)'));
    expect(pick).toBeNull();
  });

  it('does the same work in both: a smaller context of one shortens the tests of both', async () => {
    using world = createBenchWorld();
    const { cells } = await world.bench.plan({
      models: [f16, f16],
      ownSettings: [{}, { contextSize: 256 }],
      ...tests,
    });
    expect(cells.map(({ modelId, test }) => [modelId, test])).toEqual([
      [f16, 'pp256'],
      [f16, 'tg128'],
      [`${f16} (context 256)`, 'pp256'],
      [`${f16} (context 256)`, 'tg128'],
    ]);
  });
});

it('a report of a comparison until decided prints the level its interval was held at', async () => {
  using world = createBenchWorld({
    speedOf: (id) => ({ tokensPerSecond: id.endsWith('F16') ? 500 : 900, noise: 0.004 }),
  });
  const runId = await world.measure({ models: [f16, q4], ...tests, untilDecided: { maxRepetitions: 20 } });
  const [row] = world.bench.compare([runId]).rows.filter(({ isBase }) => !isBase);
  const level = Math.round((row?.decodeRatio?.confidence ?? 0) * 1000) / 10;
  expect(level).toBeGreaterThan(95);
  expect((await world.report(runId, 'markdown')).text).toContain(`×, ${level} % interval `);
});

describe('the noise floor', () => {
  /** A machine whose every second load is faster: by `gap` while it calibrates, by `later` afterwards. */
  const calibrated = async (gap: number, later = gap) => {
    const world = createBenchWorld({
      // arms load one after the other; each gets a speed of its own, as on a real machine
      speedOf: () => ({
        tokensPerSecond: 500 * (1 + ((loads += 1) > 2 ? later : gap) * (loads % 2)),
        noise: 0.001,
      }),
    });
    let loads = 0;
    const { runId } = await world.bench.calibrate({ model: f16, arms: 2, repetitions: 6 });
    await world.execute(runId);
    return { world, runId };
  };

  it('is the difference equal arms came out with, kept with what it holds for', async () => {
    const { world, runId } = await calibrated(0.04);
    using _world = world;
    const { current, missing } = await world.bench.noiseFloors();
    expect(missing).toBeNull();
    expect(current).toMatchObject({
      runId,
      modelId: f16,
      arms: 2,
      n: 6,
      machine: { cpu: 'AMD Ryzen 9 7950X', backend: 'cpu', dynoVersion: '0.1.0', llamaCppRelease: 'b9000' },
    });
    expect(current?.floors.map(({ ladder, test, metric }) => [ladder, test, metric])).toEqual([
      ['engine', 'pp512', 'prefillTps'],
      ['engine', 'tg128', 'decodeTps'],
      ['api', 'single-stream', 'ttftMs'],
      ['api', 'single-stream', 'decodeTps'],
    ]);
    expect(current?.floors[1]?.share).toBeCloseTo(0.04, 2);
    expect(world.bench.get(runId).repeatCommand).toBe(
      `dyno calibrate --model ${f16} --arms 2 --repetitions 6`,
    );
  });

  it('keeps a smaller difference from being claimed, whatever the test says', async () => {
    const { world } = await calibrated(0.04, 0.02);
    using _world = world;
    const runId = await world.measure({ models: [f16, q4], ...tests, untilDecided: { maxRepetitions: 8 } });
    const { verdicts, noiseFloor } = world.bench.compare([runId]);
    expect(noiseFloor?.modelId).toBe(f16);
    for (const { verdict, p, floor } of verdicts) {
      expect(verdict).toBe('not-distinguishable');
      expect(p).toBeLessThan(0.01);
      expect(floor).toBeGreaterThan(0.03);
    }
  });

  it('keeps the diff of two runs from claiming a smaller difference, also where it was measured after them', async () => {
    let later = 500;
    using world = createBenchWorld({ speedOf: () => ({ tokensPerSecond: (later *= 1.02), noise: 0.001 }) });
    const first = await world.measure({ models: [f16], ...tests, repetitions: 8 });
    const second = await world.measure({ models: [f16], ...tests, repetitions: 8 });
    const sides = [
      { type: 'run', runId: first },
      { type: 'run', runId: second },
    ] as const;
    const before = await world.reports.diff(...sides);
    expect(before.deltas[0]).toMatchObject({ verdict: 'better', reason: null, floor: null });
    await world.execute((await world.bench.calibrate({ model: f16, arms: 3, repetitions: 6 })).runId);
    const after = await world.reports.diff(...sides);
    expect(after.deltas[0]?.verdict).toBe('not-distinguishable');
    expect(after.deltas[0]?.reason).toMatch(/^below the noise floor of 4\.\d+ %$/);
    expect(after.remarks).toEqual(['A difference within the noise floor of the machine is not claimed.']);
  });

  it('is not used on another machine or with another llama.cpp', async () => {
    const { world, runId } = await calibrated(0.04);
    using _world = world;
    const { machine } = world.bench.get(runId);
    const other = await world.measure({ models: [f16, q4], ...tests });
    world.storage.runs.update(other, {
      noiseFloor: null,
      machine: { ...machine, cpu: { ...machine.cpu, model: 'Intel Core i9-14900K' } },
    });
    expect(world.bench.compare([other]).noiseFloor).toBeNull();
  });

  it('is missing at first, with the command that measures it', async () => {
    using world = createBenchWorld({ models: [benchModel('F16')] });
    const { current, missing } = await world.bench.noiseFloors();
    expect(current).toBeNull();
    expect(missing).toContain('dyno calibrate');
  });
});
