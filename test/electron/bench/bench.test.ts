import { describe, expect, it } from 'vitest';
import type { ForeignRun } from '../../../electron/bench/ports.ts';
import { openStorage } from '../../../electron/storage/index.ts';
import { benchRunSchema } from '../../../shared/contract/bench.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { benchModel, createBenchWorld } from '../../support/bench-world.ts';

const models = ['river-1b-F16', 'river-1b-Q4_K_M'];
const speedOf = (modelId: string) => ({ tokensPerSecond: modelId.endsWith('F16') ? 50 : 95, noise: 0.004 });

describe('a quick run', () => {
  it('measures every cell of both ladders and keeps what it saw', async () => {
    using world = createBenchWorld({ speedOf });
    const runId = await world.measure({ models });
    const run = world.bench.get(runId);
    expect(benchRunSchema.parse(run)).toEqual(run);
    expect(run.state).toEqual({ type: 'done', resultId: runId });
    expect(run.cells.map((cell) => [cell.modelId, cell.ladder, cell.test, cell.state])).toEqual(
      models.flatMap((modelId) => [
        [modelId, 'engine', 'pp512', 'done'],
        [modelId, 'engine', 'tg128', 'done'],
        [modelId, 'api', 'single-stream', 'done'],
        [modelId, 'api', 'closed-loop x4', 'done'],
      ]),
    );
    const decode = run.cells.find((cell) => cell.id === 'c1-2');
    expect(decode?.metrics.decodeTps?.median).toBeCloseTo(50, 0);
    expect(decode?.counts).toMatchObject({ warmups: 3, errors: 0 });
    expect(decode?.peakResidentBytes).toBeGreaterThan(0);
    const stream = run.cells.find((cell) => cell.id === 'c1-3');
    expect(stream?.metrics).toMatchObject({
      ttftMs: { median: 20 },
      tpotMs: { median: 10 },
      decodeTps: { median: 100 },
    });
    expect(stream?.counts.finishReasons).toEqual({ length: stream?.counts.requests });
    expect(world.bench.samples(runId, 'c1-3').filter((sample) => !sample.isWarmup)).toHaveLength(
      stream?.counts.requests ?? -1,
    );
    expect(world.bench.timeline(runId).some((point) => point.tick !== null)).toBe(true);
    expect(world.bench.timeline(runId).some((point) => point.telemetry !== null)).toBe(true);
    expect(run.trust?.level).toBe('green');
  });

  it('takes turns between the models, forward and backward, with the same seeds', async () => {
    using world = createBenchWorld({ speedOf });
    const runId = await world.measure({ models, repetitions: 4 });
    const turns = world.events.flatMap((event) =>
      event.type === 'bench.repetition-measured' && !event.repetition.isWarmup && event.cellId.endsWith('-2')
        ? [event.cellId]
        : [],
    );
    expect(turns).toEqual(['c1-2', 'c2-2', 'c2-2', 'c1-2', 'c1-2', 'c2-2', 'c2-2', 'c1-2']);
    const decodeSeeds = world.engine.replicas.map((replica) =>
      replica.ladderRuns.filter((test) => test.kind === 'decode').map((test) => test.seed),
    );
    expect(decodeSeeds[0]).toEqual(decodeSeeds[1]);
    expect(world.bench.get(runId).spec.order).toBe('interleaved');
    expect(world.notes()).toContain('All models fit in memory together: their repetitions take turns.');
  });

  it('measures one model after the other where memory is short, and says so', async () => {
    using world = createBenchWorld({ speedOf, availableMemoryBytes: 3 * 2 ** 30 });
    const runId = await world.measure({ models });
    expect(world.bench.get(runId).spec.order).toBe('blocks');
    expect(world.bench.get(runId).cells.every((cell) => cell.state === 'done')).toBe(true);
    expect(world.notes().at(0)).toContain('do not fit in memory together');
    expect(
      world.events.filter((event) => event.type === 'bench.cell-started').map((event) => event.cellId),
    ).toEqual(['c1-1', 'c1-2', 'c1-3', 'c1-4', 'c2-1', 'c2-2', 'c2-3', 'c2-4']);
  });

  it('keeps when each model was loaded, before its first cell, and tells both ends', async () => {
    using world = createBenchWorld({ speedOf });
    const { loads, cells } = world.bench.get(await world.measure({ models: ['river-1b-F16'] }));
    expect(loads.map(({ modelId }) => modelId)).toEqual(['river-1b-F16']);
    const [load] = loads;
    expect(load?.endedAtMs).toBeLessThanOrEqual(cells[0]?.startedAtMs ?? -Infinity);
    const told = world.events.filter(({ type }) => type === 'bench.load-changed');
    expect(told).toMatchObject([{ load: { ...load, endedAtMs: null } }, { load }]);
  });

  it('closes every engine and server it opened, also when it fails', async () => {
    using world = createBenchWorld({ speedOf });
    await world.measure({ models });
    expect([world.engine.openCount(), world.openTargets()]).toEqual([0, 0]);
    world.engine.failLoad('river-1b-F16', new AppError('engine.load-failed', 'bad file'));
    await world.measurePartly({ models });
    expect([world.engine.openCount(), world.openTargets()]).toEqual([0, 0]);
  });

  it('repeats a short cell up to six times, so that its median gets an interval', async () => {
    using world = createBenchWorld({ engine: { tokensPerSecond: 1000 } });
    const runId = await world.measure({ models: ['river-1b-F16'] });
    const [prefill, decode] = world.bench.get(runId).cells;
    expect(prefill?.metrics.prefillTps).toMatchObject({ n: 6 });
    expect(prefill?.metrics.prefillTps?.ciLow).not.toBeNull();
    expect(decode?.counts.repetitions).toBe(6);
  });

  it('leaves a long cell at its five repetitions, and an explicit number is exact', async () => {
    using slow = createBenchWorld({ engine: { tokensPerSecond: 40 } });
    const runId = await slow.measure({ models: ['river-1b-F16'] });
    expect(slow.bench.get(runId).cells.find((cell) => cell.test === 'tg128')?.counts.repetitions).toBe(5);
    using fast = createBenchWorld({ engine: { tokensPerSecond: 1000 } });
    const exact = await fast.measure({ models: ['river-1b-F16'], repetitions: 2 });
    expect(fast.bench.get(exact).cells.map((cell) => cell.counts.repetitions)).toEqual([2, 2, 2, 2]);
  });

  it('passes a very short test several times per repetition', async () => {
    using world = createBenchWorld({ engine: { tokensPerSecond: 4000, prefillTokensPerSecond: 20_000 } });
    const runId = await world.measure({ models: ['river-1b-F16'] });
    const repetitions = world.storage.runs.repetitions(runId, 'c1-1').filter((one) => !one.isWarmup);
    expect(Math.min(...repetitions.map((one) => one.wallMs))).toBeGreaterThanOrEqual(150);
    expect(world.bench.get(runId).cells[0]?.metrics.prefillTps?.median).toBeCloseTo(20_000, 0);
  });

  it('gives every engine of a run the threads that the first one chose', async () => {
    using world = createBenchWorld({ speedOf: () => ({ facts: { threads: 6, prefillThreads: 8 } }) });
    await world.measure({ models });
    const chosen = { decode: 6, prefill: 8 };
    expect(world.engine.loads.map((load) => load.threadChoice)).toEqual([undefined, chosen]);
  });

  it('says so when the engines chose different numbers of threads', async () => {
    using world = createBenchWorld({
      speedOf: (modelId) => ({ facts: { threads: modelId.endsWith('F16') ? 6 : 4 } }),
    });
    await world.measure({ models });
    expect(world.notes()).toContain(
      'The engines chose different numbers of threads (F16 6, Q4_K_M 4). Give --threads to hold them equal.',
    );
    expect(world.engine.loads.every((load) => load.isExclusive && load.settings.contextSize === 512)).toBe(
      true,
    );
  });

  it('remembers how long it took for the next estimate', async () => {
    using world = createBenchWorld({ speedOf });
    expect(world.bench.presets().find((preset) => preset.name === 'quick')?.secondsPerModel).toBeNull();
    await world.measure({ models });
    expect(world.bench.presets().find((preset) => preset.name === 'quick')?.secondsPerModel).toBeGreaterThan(
      1,
    );
  });
});

describe('planning', () => {
  it('clips lengths to the smallest context among the models and drops tests that become equal', async () => {
    using world = createBenchWorld({
      models: [benchModel('F16', { contextLength: 512 }), benchModel('Q8_0')],
    });
    const plan = await world.bench.plan({ models: ['river-1b-F16', 'river-1b-Q8_0'], preset: 'standard' });
    expect(plan.cells.filter((cell) => cell.modelId === 'river-1b-Q8_0').map((cell) => cell.test)).toEqual([
      'pp512',
      'tg128',
      'tg128@d384',
      'single-stream',
      'closed-loop x4',
      'closed-loop x8',
    ]);
    expect(plan.spec.settings).toEqual({ contextSize: 512, slots: 8 });
  });

  it('gives equal work equal hashes over models, and other work another one', async () => {
    using world = createBenchWorld();
    const { cells } = await world.bench.plan({ models });
    const again = await world.bench.plan({ models, seed: 2 });
    expect(cells[0]?.workloadHash).toBe(cells[4]?.workloadHash);
    expect(new Set([...cells, ...again.cells].map((cell) => cell.workloadHash)).size).toBe(8);
  });

  it('writes the command that repeats it', async () => {
    using world = createBenchWorld();
    const { runId } = await world.bench.start({
      models: [...models, '/home/user/models/river-1b-F16.gguf'],
      seed: 3,
      name: "Jane's first",
      settings: { threads: 4, useMmap: false },
    });
    expect(world.bench.get(runId).repeatCommand).toBe(
      "dyno bench river-1b-F16 river-1b-Q4_K_M --preset quick --seed 3 --name 'Jane'\\''s first' --threads 4 --no-mmap",
    );
  });

  it('takes tests of the user’s own in place of the preset’s, and repeats them by name', async () => {
    using world = createBenchWorld();
    const input = {
      models: ['river-1b-F16'],
      preset: 'standard',
      engineTests: [{ kind: 'decode' as const, tokens: 64, depth: 1024, sequences: 2 }],
      apiTests: [
        { profile: 'closed-loop', parameters: { concurrency: 8, promptTokens: 64 } },
        { profile: 'closed-loop', parameters: { concurrency: 8, promptTokens: 512 } },
      ],
    };
    const { runId } = await world.bench.start(input);
    const run = world.bench.get(runId);
    expect(run.cells.map((cell) => cell.test)).toEqual([
      'tg64x2@d1024',
      'closed-loop x8 promptTokens=64',
      'closed-loop x8 promptTokens=512',
    ]);
    expect(run.spec).toMatchObject({ preset: 'custom', repetitions: 5, settings: { slots: 8 } });
    expect(run.repeatCommand).toBe(
      'dyno bench river-1b-F16 --preset standard --test tg64x2@d1024 --profile closed-loop:concurrency=8,promptTokens=64 --profile closed-loop:concurrency=8,promptTokens=512',
    );
  });

  it('reserves one slot per sequence where only the engine is measured', async () => {
    using world = createBenchWorld();
    const plan = await world.bench.plan({ models: ['river-1b-F16'], preset: 'community' });
    expect(plan.spec.settings).toEqual({ contextSize: 512, slots: 1 });
  });

  it('names the parameter a load profile does not take', async () => {
    using world = createBenchWorld();
    const apiTests = [{ profile: 'closed-loop', parameters: { concurrency: 'many' } }];
    await expect(world.bench.start({ models, apiTests })).rejects.toThrow(/^closed-loop: concurrency: /);
  });

  it.each(['step-sweep', 'find-limit', 'slo-search', 'context-ladder', 'trace-replay'])(
    'refuses %s, of which it could repeat the first stage at most',
    async (profile) => {
      using world = createBenchWorld();
      const apiTests = [{ profile, parameters: profile === 'trace-replay' ? { trace: 'a.csv' } : {} }];
      await expect(world.bench.start({ models, apiTests })).rejects.toMatchObject({
        code: 'app.bad-input',
        hint: expect.stringContaining(`dyno load MODEL --shape ${profile}`) as string,
      });
    },
  );

  it.each([
    [{ models: ['nobody'] }, 'models.not-found'],
    [{ models, engineTests: [] }, 'app.bad-input'],
    [{ models, preset: 'endless' }, 'app.bad-input'],
    [{ models: [] }, 'app.bad-input'],
  ])('refuses %j', async (input, code) => {
    using world = createBenchWorld();
    await expect(world.bench.start(input)).rejects.toMatchObject({ code });
  });

  it('refuses a file that may not be loaded, with its own error', async () => {
    const damaged = benchModel('F16', { problem: { code: 'models.truncated', message: 'Too short.' } });
    using world = createBenchWorld({ models: [damaged] });
    await expect(world.bench.start({ models: [damaged.id] })).rejects.toMatchObject({
      code: 'models.truncated',
      message: 'Too short.',
    });
  });

  it('hashes a file that has no hash yet', async () => {
    using world = createBenchWorld({ models: [benchModel('F16', { sha256: null })] });
    const runId = await world.measure({ models: ['river-1b-F16'] });
    expect(world.bench.get(runId).models[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a run that is disturbed', () => {
  it('keeps the finished cells on cancel and measures only the rest on resume', async () => {
    using world = createBenchWorld({ speedOf });
    const stop = new AbortController();
    const { runId } = await world.bench.start({ models });
    const pending = world.bench.execute(runId, {
      signal: stop.signal,
      onProgress: (_fraction, _eta, note) => {
        if (note.startsWith('F16 single-stream: repetition')) stop.abort();
      },
    });
    await expect(world.clock.runUntil(pending)).rejects.toMatchObject({ code: 'app.cancelled' });
    const before = world.bench.get(runId);
    expect(before.state.type).toBe('cancelled');
    expect(before.cells.map((cell) => cell.state)).toEqual([
      'done', 'done', 'cancelled', 'cancelled',
      'done', 'done', 'cancelled', 'cancelled',
    ]); // prettier-ignore
    expect(world.bench.samples(runId)).toEqual([]);
    const kept = world.storage.runs.repetitions(runId, 'c1-2');

    await world.execute(runId);
    const after = world.bench.get(runId);
    expect(after.state.type).toBe('done');
    expect(after.cells.filter((cell) => cell.ladder === 'engine')).toEqual(
      before.cells.filter((cell) => cell.ladder === 'engine'),
    );
    expect(world.storage.runs.repetitions(runId, 'c1-2')).toEqual(kept);
    expect(world.engine.replicas.slice(2).flatMap((replica) => replica.ladderRuns)).toEqual([]);
  });

  it('goes on after the process died, with the cell that was cut off measured from its start', async () => {
    using storage = openStorage(':memory:');
    const first = createBenchWorld({ speedOf, storage });
    const { runId } = await first.bench.start({ models: ['river-1b-F16'] });
    // the dead process: its promise never settles, because its clock never moves again
    const seen: string[] = [];
    void first.bench.execute(runId, {
      signal: new AbortController().signal,
      onProgress: (_fraction, _eta, note) => void seen.push(note),
    });
    while (!seen.includes('F16 tg128: repetition 2')) await first.clock.advance(50);

    using second = createBenchWorld({ speedOf, storage });
    second.bench.markInterrupted();
    expect(second.bench.get(runId).state.type).toBe('interrupted');
    await second.execute(runId);
    const run = second.bench.get(runId);
    expect(run.cells.map((cell) => cell.state)).toEqual(['done', 'done', 'done', 'done']);
    expect(
      second.engine.replicas.flatMap((replica) => replica.ladderRuns).some((test) => test.kind === 'prefill'),
    ).toBe(false);
    const decode = run.cells[1];
    expect(storage.runs.repetitions(runId, 'c1-2')).toHaveLength(
      (decode?.counts.warmups ?? 0) + (decode?.counts.repetitions ?? 0),
    );
  });

  it('finishes the other models when one cannot be loaded, and tries that file only once', async () => {
    using world = createBenchWorld({ speedOf });
    world.engine.failLoad('river-1b-F16', new AppError('engine.load-failed', 'bad file'));
    const { runId, failure } = await world.measurePartly({ models });
    const run = world.bench.get(runId);
    expect(run.cells.map((cell) => cell.state)).toEqual([
      ...Array<string>(4).fill('failed'),
      ...Array<string>(4).fill('done'),
    ]);
    expect(run.cells[0]?.error).toEqual({ code: 'engine.load-failed', message: 'bad file' });
    expect(failure.toPayload()).toEqual({
      code: 'bench.partly-failed',
      message: 'F16 pp512, tg128, single-stream, closed-loop x4 failed: bad file.',
      hint: `"dyno runs resume ${runId}" does what is missing; the rest is kept.`,
      details: { failed: 1 },
    });
    expect(run.state).toMatchObject({ type: 'failed', error: { code: 'bench.partly-failed' } });
    expect(run.loads.map(({ modelId, endedAtMs }) => [modelId, endedAtMs !== null])).toEqual([
      ['river-1b-F16', true],
      ['river-1b-Q4_K_M', true],
    ]);
    expect(world.engine.loads.filter((load) => load.modelId === 'river-1b-F16')).toHaveLength(1);
  });

  it('measures what failed of it when it is resumed, and is done then', async () => {
    using world = createBenchWorld({ speedOf });
    const { runId } = await world.bench.start({ models: ['river-1b-F16'] });
    const crashing = world.bench.execute(runId, {
      signal: new AbortController().signal,
      onProgress: (_fraction, _eta, note) => {
        if (note !== 'F16 pp512: repetition 1') return;
        world.engine.replicas[0]?.fail(new AppError('engine.crashed', 'SIGABRT'));
        void world.engine.replicas[0]?.[Symbol.asyncDispose]();
      },
    });
    await expect(world.clock.runUntil(crashing)).rejects.toMatchObject({ code: 'bench.partly-failed' });
    const kept = world.bench.get(runId).cells.slice(1);
    await world.execute(runId);
    const run = world.bench.get(runId);
    expect([run.state.type, run.cells[0]?.state]).toEqual(['done', 'done']);
    expect(run.cells.slice(1)).toEqual(kept);
  });

  it('fails as a whole with the error of the first cell when nothing could be measured', async () => {
    using world = createBenchWorld();
    world.engine.failLoad('river-1b-F16', new AppError('engine.out-of-memory', 'needs 9 GB'));
    const { runId } = await world.bench.start({ models: ['river-1b-F16'] });
    await expect(world.execute(runId)).rejects.toMatchObject({ code: 'engine.out-of-memory' });
    expect(world.bench.get(runId).state).toMatchObject({
      type: 'failed',
      error: { code: 'engine.out-of-memory' },
    });
  });

  it('loses one cell to a crash of its engine and loads the model again for the next', async () => {
    using world = createBenchWorld({ speedOf });
    const { runId } = await world.bench.start({ models: ['river-1b-F16'] });
    const crashing = world.bench.execute(runId, {
      signal: new AbortController().signal,
      onProgress: (_fraction, _eta, note) => {
        if (note !== 'F16 pp512: repetition 1') return;
        world.engine.replicas[0]?.fail(new AppError('engine.crashed', 'SIGABRT'));
        void world.engine.replicas[0]?.[Symbol.asyncDispose]();
      },
    });
    await expect(world.clock.runUntil(crashing)).rejects.toMatchObject({
      message: 'F16 pp512 failed: SIGABRT.',
    });
    expect(world.bench.get(runId).cells.map((cell) => cell.state)).toEqual([
      'failed',
      'done',
      'done',
      'done',
    ]);
    expect(world.engine.loads).toHaveLength(2);
  });

  it('fails an API cell whose requests all fail, with the reason of the server', async () => {
    using world = createBenchWorld({
      spoil: (sample) => ({
        ...sample,
        firstTokenMs: null,
        lastTokenMs: null,
        error: { code: 'bench.target-failed', message: 'The server answered 500' },
      }),
    });
    const { runId } = await world.measurePartly({ models: ['river-1b-F16'] });
    expect(world.bench.get(runId).cells.map((cell) => [cell.state, cell.error?.message])).toEqual([
      ['done', undefined],
      ['done', undefined],
      ['failed', 'The server answered 500'],
      ['failed', 'The server answered 500'],
    ]);
  });

  it('is the only one at a time', async () => {
    using world = createBenchWorld({ speedOf });
    const first = await world.bench.start({ models: ['river-1b-F16'] });
    const second = await world.bench.start({ models: ['river-1b-Q8_0'] });
    const running = world.bench.execute(first.runId, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    await expect(world.bench.start({ models: ['river-1b-F16'] })).rejects.toMatchObject({
      code: 'bench.busy',
    });
    expect(() => world.bench.assertResumable(second.runId)).toThrow(
      expect.objectContaining({ code: 'bench.busy' }),
    );
    expect(() => world.bench.remove(first.runId)).toThrow(expect.objectContaining({ code: 'bench.busy' }));
    await world.clock.runUntil(running);
    world.bench.remove(first.runId);
    expect(() => world.bench.get(first.runId)).toThrow(
      expect.objectContaining({ code: 'bench.run-not-found' }),
    );
  });

  it('waits for the run of another host of the data folder, and names its process', async () => {
    let foreign: ForeignRun | undefined;
    using world = createBenchWorld({ speedOf, foreignRun: () => foreign });
    const { runId } = await world.bench.start({ models: ['river-1b-F16'] });
    foreign = { pid: 4711, kind: 'bench', runId };
    const busy = { code: 'bench.busy', message: 'Another Dyno (process 4711) is running a benchmark.' };
    await expect(world.bench.start({ models: ['river-1b-F16'] })).rejects.toMatchObject(busy);
    expect(() => world.bench.assertResumable(runId)).toThrow(expect.objectContaining(busy));
    expect(() => world.bench.remove(runId)).toThrow(expect.objectContaining(busy));
    foreign = undefined;
    await world.execute(runId);
    expect(world.bench.get(runId).state.type).toBe('done');
  });

  it('cannot be resumed once it is done', async () => {
    using world = createBenchWorld({ speedOf });
    const runId = await world.measure({ models: ['river-1b-F16'] });
    expect(() => world.bench.assertResumable(runId)).toThrow(
      expect.objectContaining({ code: 'bench.not-resumable' }),
    );
  });
});

describe('progress', () => {
  it('rises to the end and tells a falling time once it knows one', async () => {
    using world = createBenchWorld({ speedOf });
    const { runId } = await world.bench.start({ models });
    const seen: { fraction: number; etaMs: number | null }[] = [];
    await world.clock.runUntil(
      world.bench.execute(runId, {
        signal: new AbortController().signal,
        onProgress: (fraction, etaMs) => void seen.push({ fraction, etaMs }),
      }),
    );
    const fractions = seen.map((one) => one.fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(seen.at(0)?.etaMs).toBeNull();
    expect(seen.at(-1)?.etaMs).toBe(0);
  });
});
