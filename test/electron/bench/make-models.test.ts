import { describe, expect, it } from 'vitest';
import { openStorage } from '../../../electron/storage/index.ts';
import { benchRunSchema } from '../../../shared/contract/bench.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { benchModel, createBenchWorld } from '../../support/bench-world.ts';
import { createFakeFiles } from '../../support/fake-files.ts';

const base = benchModel('F16');
const make = ['Q8_0', 'Q4_K_M'];
const idle = () => new AbortController().signal;

describe('a run that makes what it measures', () => {
  it('makes the missing files, then measures all of them in turns', async () => {
    using world = createBenchWorld({ models: [base] });
    const runId = await world.measure({ models: [base.id], make });
    const run = world.bench.get(runId);
    expect(benchRunSchema.parse(run)).toEqual(run);
    expect(run.makes).toEqual(
      make.map((type) => ({
        type,
        baseModelId: base.id,
        modelId: `river-1b-${type}`,
        state: { type: 'made', isReused: false },
      })),
    );
    expect(run.cells.map((cell) => cell.state)).toEqual(Array<string>(12).fill('done'));
    expect(run.models.map((model) => [model.modelId, model.path, model.sizeBytes])).toEqual(
      ['F16', ...make].map((type) => {
        const { id, path, sizeBytes } = benchModel(type);
        return [id, path, sizeBytes];
      }),
    );
    expect(run.spec.order).toBe('interleaved');
    expect(run.models.every((model) => model.sha256 !== null)).toBe(true);
    expect(run.repeatCommand).toBe('dyno bench river-1b-F16 --make Q8_0,Q4_K_M --preset quick');
    expect(world.notes().slice(0, 2)).toEqual([
      'Q8_0 made of river-1b-F16 in 1.00 s.',
      'Q4_K_M made of river-1b-F16 in 1.00 s.',
    ]);
  });

  it('reuses the files that were made of this base, and no others', async () => {
    const own = benchModel('Q8_0', { derivedFrom: base.id, quantization: 'Q8_0 synthetic' });
    const foreign = benchModel('Q4_K_M', {
      id: 'sea-1b-Q4_K_M',
      path: '/home/user/models/sea-1b-Q4_K_M.gguf',
      derivedFrom: 'sea-1b-F16',
    });
    using world = createBenchWorld({ models: [base, own, foreign] });
    const runId = await world.measure({ models: [base.id], make: ['q8_0', 'Q4_K_M', 'F16'] });
    expect(world.bench.get(runId).makes.map(({ type, state }) => [type, state])).toEqual([
      ['Q8_0', { type: 'made', isReused: true }],
      ['Q4_K_M', { type: 'made', isReused: false }],
    ]);
    expect(world.maker.orders.map((order) => order.split(' ')[0])).toEqual(['Q4_K_M']);
  });

  it('takes the id the library gave where it is not the expected one', async () => {
    using world = createBenchWorld({ models: [base], madeId: (type) => `river-1b-${type}-7f` });
    const runId = await world.measure({ models: [base.id], make: ['Q8_0'] });
    const run = world.bench.get(runId);
    expect(run.cells.map((cell) => [cell.modelId, cell.state])).toEqual([
      ...Array<string[]>(4).fill([base.id, 'done']),
      ...Array<string[]>(4).fill(['river-1b-Q8_0-7f', 'done']),
    ]);
    expect(run.spec.models).toEqual([base.id, 'river-1b-Q8_0-7f']);
    expect(run.makes[0]?.modelId).toBe('river-1b-Q8_0-7f');
  });

  it('fails the cells of a type that cannot be made, with its error, and measures the rest', async () => {
    using world = createBenchWorld({ models: [base] });
    world.maker.fail('Q8_0', new AppError('storage.disk-full', 'No room', { hint: 'Free some.' }));
    const { runId, failure } = await world.measurePartly({ models: [base.id], make });
    const run = world.bench.get(runId);
    expect(failure).toMatchObject({
      code: 'bench.partly-failed',
      message: 'Q8_0 could not be made: No room.',
    });
    const error = { code: 'storage.disk-full', message: 'No room', hint: 'Free some.' };
    expect(run.cells.filter((cell) => cell.modelId === 'river-1b-Q8_0').map((cell) => cell.error)).toEqual(
      Array(4).fill(error),
    );
    expect(run.cells.filter((cell) => cell.state === 'done')).toHaveLength(8);
    expect(run.makes[0]?.state).toEqual({ type: 'failed', error });
    expect(world.notes()).toContain('Q8_0 could not be made: No room');
    expect(world.bench.compare([runId]).rows.map((row) => row.quantization)).toEqual(['F16', 'Q4_K_M']);
  });

  it('stops at once while a file is made, and goes on with it when it is resumed', async () => {
    using world = createBenchWorld({ models: [base] });
    const stop = new AbortController();
    const { runId } = await world.bench.start({ models: [base.id], make });
    const running = world.bench.execute(runId, {
      signal: stop.signal,
      onProgress: (_fraction, _eta, note) => {
        if (note === 'Making Q4_K_M, 50 %') stop.abort();
      },
    });
    await expect(world.clock.runUntil(running)).rejects.toMatchObject({ code: 'app.cancelled' });
    expect(world.bench.get(runId).state.type).toBe('cancelled');
    expect(world.bench.get(runId).makes.map(({ state }) => state.type)).toEqual(['made', 'waiting']);

    await world.execute(runId);
    expect(world.maker.orders.map((order) => order.split(' ')[0])).toEqual(['Q8_0', 'Q4_K_M', 'Q4_K_M']);
    expect(world.bench.get(runId).state.type).toBe('done');
  });

  it('takes in the file that was finished when the process died, and makes only the rest', async () => {
    using storage = openStorage(':memory:');
    const files = createFakeFiles();
    const first = createBenchWorld({ models: [base], storage, files });
    const { runId } = await first.bench.start({ models: [base.id], make });
    const seen: string[] = [];
    // the dead process: its promise never settles, because its clock never moves again
    void first.bench.execute(runId, {
      signal: idle(),
      onProgress: (_fraction, _eta, note) => void seen.push(note),
    });
    while (!seen.includes('Making Q8_0, 90 %')) await first.clock.advance(50);
    files.put('/home/user/models/river-1b-Q8_0.gguf', 'whole, but the library never heard of it');

    using second = createBenchWorld({ models: [base], storage, files });
    second.bench.markInterrupted();
    await second.execute(runId);
    expect(second.maker.orders.map((order) => order.split(' ')[0])).toEqual(['Q4_K_M']);
    expect(second.bench.get(runId).cells.every((cell) => cell.state === 'done')).toBe(true);
  });

  it('tells one progress over making and measuring, and a time left once it knows the pace', async () => {
    using world = createBenchWorld({ models: [base] });
    await world.measure({ models: [base.id], make: ['Q2_K'] });
    const { runId } = await world.bench.start({ models: [base.id], make });
    const seen: { fraction: number; etaMs: number | null; note: string }[] = [];
    await world.clock.runUntil(
      world.bench.execute(runId, {
        signal: idle(),
        onProgress: (fraction, etaMs, note) => void seen.push({ fraction, etaMs, note }),
      }),
    );
    const fractions = seen.map((one) => one.fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    const half = seen.find((one) => one.note === 'Making Q4_K_M, 50 %');
    // 0.5 s of making is left, and the measurements take as long per file as last time
    const paceMs = Number(world.storage.facts.get('bench/seconds-per-model/quick')) * 1000;
    expect(half?.fraction).toBeGreaterThan(0);
    expect(half?.etaMs).toBeGreaterThan(500 + paceMs);
  });

  it('refuses a type nobody knows before anything starts', async () => {
    using world = createBenchWorld({ models: [base] });
    await expect(world.bench.start({ models: [base.id], make: ['Q9'] })).rejects.toMatchObject({
      code: 'app.bad-input',
    });
    expect(world.bench.list()).toEqual([]);
  });
});
