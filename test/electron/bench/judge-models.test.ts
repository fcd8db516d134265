import { describe, expect, it } from 'vitest';
import { benchRunSchema } from '../../../shared/contract/bench.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { benchModel, createBenchWorld } from '../../support/bench-world.ts';

const all = ['river-1b-F16', 'river-1b-Q8_0', 'river-1b-Q4_K_M', 'river-1b-Q2_K'];
const judge = {};
const idle = () => new AbortController().signal;

describe('a run that judges the quality of its files', () => {
  it('holds every file against the unquantized one, after the measurements', async () => {
    using world = createBenchWorld();
    const runId = await world.measure({ models: [...all].reverse(), judge });
    const run = world.bench.get(runId);
    expect(benchRunSchema.parse(run)).toEqual(run);
    expect(world.judge.orders).toEqual([['river-1b-Q2_K', 'river-1b-Q4_K_M', 'river-1b-Q8_0']]);
    expect(
      run.judges.map(({ modelId, isBase, state }) => [
        modelId,
        isBase,
        state.type === 'judged' ? state.figures.kld.value : state.type,
      ]),
    ).toEqual([
      ['river-1b-Q2_K', false, 0.4],
      ['river-1b-Q4_K_M', false, 0.03],
      ['river-1b-Q8_0', false, 0.001],
      ['river-1b-F16', true, 0],
    ]);
    expect(run.notes.map(({ text }) => text)).toContain(
      'Q4_K_M is 0.0300 ± 0.0015 nats away from F16, n 2,550.',
    );
    expect(run.repeatCommand).toBe(`dyno shootout ${[...all].reverse().join(' ')} --preset quick`);
    const last = world.events.findIndex(({ type }) => type === 'bench.judge-changed');
    expect(world.events.slice(last).some(({ type }) => type === 'bench.cell-finished')).toBe(false);
  });

  it('keeps the answers of the base where a later result holds none', async () => {
    using world = createBenchWorld();
    world.judge.answer('river-1b-Q8_0'); // as where it was judged with tasks before
    const runId = await world.measure({ models: all, judge });
    const sharesOf = world.bench
      .get(runId)
      .judges.map(({ state }) =>
        state.type === 'judged' ? (state.figures.tasks?.share ?? null) : state.type,
      );
    expect(sharesOf).toEqual([0.75, 0.75, null, null]);
  });

  it('recommends the fastest file that is close enough, and says what it costs', async () => {
    const speeds: Record<string, number> = { F16: 20, Q8_0: 40, Q4_K_M: 60, Q2_K: 90 };
    using world = createBenchWorld({
      speedOf: (modelId) => ({ tokensPerSecond: speeds[modelId.replace('river-1b-', '')] ?? 1 }),
    });
    const runId = await world.measure({ models: all, judge });
    const { rows, pick } = world.bench.compare([runId]);
    expect(pick?.modelId).toBe('river-1b-Q4_K_M');
    expect(pick?.sentence).toContain('0.0300 ± 0.0015 nats away from F16');
    expect(pick?.sentence).toContain('Q2_K is over 0.05 nats away');
    // nothing is beaten in speed and divergence both
    expect(rows.map(({ isDominated }) => isDominated)).toEqual([false, false, false, false]);
  });

  it('shades a file that another one beats in speed and divergence, whatever its size', async () => {
    const speeds: Record<string, number> = { F16: 20, Q8_0: 40, Q4_K_M: 60, Q2_K: 50 };
    using world = createBenchWorld({
      speedOf: (modelId) => ({ tokensPerSecond: speeds[modelId.replace('river-1b-', '')] ?? 1 }),
    });
    const runId = await world.measure({ models: all, judge });
    const beaten = world.bench.compare([runId]).rows.filter(({ isDominated }) => isDominated);
    expect(beaten.map(({ quantization }) => quantization)).toEqual(['Q2_K']);
  });

  it('keeps the measurements and the other judgements where a file cannot be judged', async () => {
    using world = createBenchWorld();
    world.judge.fail('river-1b-Q4_K_M', new AppError('engine.crashed', 'Gone', { hint: 'Again.' }));
    const { runId, failure } = await world.measurePartly({ models: all, judge });
    const run = world.bench.get(runId);
    expect(failure).toMatchObject({
      code: 'bench.partly-failed',
      message: 'Q4_K_M was not judged: Gone.',
      hint: `Again. "dyno runs resume ${runId}" does what is missing; the rest is kept.`,
    });
    expect(run.judges.map(({ state }) => state.type)).toEqual(['judged', 'judged', 'failed', 'judged']);
    expect(run.judges[2]?.state).toEqual({
      type: 'failed',
      error: { code: 'engine.crashed', message: 'Gone', hint: 'Again.' },
    });
    // together first; the rest one by one
    expect(world.judge.orders).toEqual([all.slice(1), ['river-1b-Q4_K_M'], ['river-1b-Q2_K']]);
  });

  it('stops at once, and judges only what is open when it is resumed', async () => {
    using world = createBenchWorld();
    const stop = new AbortController();
    const { runId } = await world.bench.start({ models: all, judge });
    const running = world.bench.execute(runId, {
      signal: stop.signal,
      onProgress: (_fraction, _eta, note) => {
        if (note === 'Reading river-1b-Q4_K_M') stop.abort();
      },
    });
    await expect(world.clock.runUntil(running)).rejects.toMatchObject({ code: 'app.cancelled' });
    const stopped = world.bench.get(runId);
    expect(stopped.state.type).toBe('cancelled');
    expect(stopped.cells.every(({ state }) => state === 'done')).toBe(true);
    expect(stopped.judges.map(({ state }) => state.type)).toEqual(['judged', 'judged', 'waiting', 'waiting']);
    await world.execute(runId);
    expect(world.judge.orders.at(-1)).toEqual(['river-1b-Q4_K_M', 'river-1b-Q2_K']);
    expect(world.bench.get(runId).state.type).toBe('done');
  });

  it('judges the files it makes, under the ids they get', async () => {
    using world = createBenchWorld({
      models: [benchModel('F16')],
      madeId: (type) => `river-1b-${type}-7f`,
    });
    const runId = await world.measure({ models: ['river-1b-F16'], make: ['Q8_0'], judge });
    expect(world.bench.get(runId).judges.map(({ modelId, state }) => [modelId, state.type])).toEqual([
      ['river-1b-F16', 'judged'],
      ['river-1b-Q8_0-7f', 'judged'],
    ]);
  });

  it('does not judge a file that could not be made', async () => {
    using world = createBenchWorld({ models: [benchModel('F16')] });
    world.maker.fail('Q8_0', new AppError('storage.disk-full', 'No room'));
    const { runId } = await world.measurePartly({
      models: ['river-1b-F16'],
      make: ['Q8_0', 'Q4_K_M'],
      judge,
    });
    expect(world.judge.orders).toEqual([['river-1b-Q4_K_M']]);
    expect(world.bench.get(runId).judges.map(({ state }) => state)).toMatchObject([
      { type: 'judged' },
      { type: 'skipped', reason: 'Q8_0 could not be made: No room' },
      { type: 'judged' },
    ]);
  });

  it('says of every judgement why there is none where no file could be made, and makes up for it when resumed', async () => {
    using world = createBenchWorld({ models: [benchModel('F16')] });
    world.maker.fail('Q8_0', new AppError('storage.disk-full', 'No room'));
    world.maker.fail('Q4_K_M', new AppError('storage.disk-full', 'No room'));
    const make = ['Q8_0', 'Q4_K_M'];
    const { runId, failure } = await world.measurePartly({ models: ['river-1b-F16'], make, judge });
    const run = world.bench.get(runId);
    expect(run.state.type).toBe('failed');
    expect(failure.message).toBe('Q8_0 could not be made: No room. Q4_K_M could not be made: No room.');
    expect(run.judges.map(({ state }) => state)).toEqual([
      { type: 'skipped', reason: 'No other file could be made that it would be held against.' },
      { type: 'skipped', reason: 'Q8_0 could not be made: No room' },
      { type: 'skipped', reason: 'Q4_K_M could not be made: No room' },
    ]);
    world.maker.mend();
    await world.execute(runId);
    const whole = world.bench.get(runId);
    expect([whole.state.type, ...whole.judges.map(({ state }) => state.type)]).toEqual([
      'done', 'judged', 'judged', 'judged',
    ]); // prettier-ignore
  });

  it('is refused before it is kept where the text it would be judged on is missing', async () => {
    using world = createBenchWorld();
    world.judge.refuse(new AppError('files.not-found', 'No such file: /typo.txt'));
    const start = world.bench.start({ models: all, judge: { text: '/typo.txt' } });
    await expect(start).rejects.toMatchObject({ code: 'files.not-found' });
    expect(world.bench.list()).toEqual([]);
  });

  it('tells one progress over all phases, rising to the end', async () => {
    using world = createBenchWorld({ models: [benchModel('F16')] });
    const { runId } = await world.bench.start({ models: ['river-1b-F16'], make: ['Q8_0'], judge });
    const seen: { fraction: number; etaMs: number | null; note: string }[] = [];
    await world.clock.runUntil(
      world.bench.execute(runId, {
        signal: idle(),
        onProgress: (fraction, etaMs, note) => void seen.push({ fraction, etaMs, note }),
      }),
    );
    const fractions = seen.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBeCloseTo(1, 10);
    const half = seen.findLast(({ note }) => note === 'Reading river-1b-Q8_0');
    expect(half?.etaMs).not.toBeNull();
  });
});
