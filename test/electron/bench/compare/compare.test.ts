import { describe, expect, it } from 'vitest';
import { benchModel, createBenchWorld } from '../../../support/bench-world.ts';
import { isPicked } from '../../../../shared/contract/bench-pick.ts';

const types = ['F16', 'Q8_0', 'Q4_K_M', 'Q2_K'];
const idsOf = (...quantizations: string[]) => quantizations.map((type) => `river-1b-${type}`);
const speeds: Readonly<Record<string, number>> = { F16: 500, Q8_0: 700, Q4_K_M: 950, Q2_K: 1200 };
const speedOf = (modelId: string) => ({
  tokensPerSecond: speeds[modelId.replace('river-1b-', '')] ?? 500,
  noise: 0.004,
});
const equalSpeed = () => ({ tokensPerSecond: 800, noise: 0.01 });

describe('a comparison', () => {
  it('holds every file against F16 with an interval and a verdict', async () => {
    using world = createBenchWorld({ speedOf });
    const runId = await world.measure({ models: idsOf(...types) });
    const { rows, differences } = world.bench.compare([runId]);
    expect(differences).toEqual([]);
    expect(rows.map((row) => [row.quantization, row.isBase, row.decodeRatio?.verdict])).toEqual([
      ['F16', true, undefined],
      ['Q8_0', false, 'faster'],
      ['Q4_K_M', false, 'faster'],
      ['Q2_K', false, 'faster'],
    ]);
    const q4 = rows[2];
    expect(q4?.decodeRatio?.ratio).toBeCloseTo(1.9, 1);
    expect(q4?.decodeRatio?.low).toBeLessThan(q4?.decodeRatio?.ratio ?? 0);
    expect(q4?.decodeRatio?.high).toBeGreaterThan(q4?.decodeRatio?.ratio ?? Infinity);
    expect(q4).toMatchObject({ ttftMs: { median: 20 }, apiDecodeTps: { median: 100 } });
    // API 100 t/s against engine 950 t/s
    expect(q4?.servingOverheadPercent).toBeCloseTo((1 - 100 / 950) * 100, 0);
  });

  it('tells no overhead of a server that came out faster than its engine', async () => {
    using world = createBenchWorld({ speedOf: () => ({ tokensPerSecond: 90, noise: 0.01 }) });
    const runId = await world.measure({ models: idsOf('F16') });
    const [row] = world.bench.compare([runId]).rows;

    // the API's 100 t/s against 90 t/s would be a cost of −11 %
    expect([row?.apiDecodeTps?.median, row?.servingOverheadPercent]).toEqual([100, null]);
  });

  it('dims what another file beats in speed and size', async () => {
    using world = createBenchWorld({ speedOf });
    const runId = await world.measure({ models: idsOf(...types) });
    expect(world.bench.compare([runId]).rows.map((row) => row.isDominated)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('does not call a larger file dominated that is measurably faster', async () => {
    using world = createBenchWorld({
      speedOf: (id) => ({ tokensPerSecond: id.endsWith('F16') ? 900 : 500, noise: 0.004 }),
    });
    const runId = await world.measure({ models: idsOf('F16', 'Q8_0') });
    expect(world.bench.compare([runId]).rows.map((row) => row.isDominated)).toEqual([false, false]);
  });

  it('takes another base when asked, and refuses one that is not there', async () => {
    using world = createBenchWorld({ speedOf });
    const runId = await world.measure({ models: idsOf('F16', 'Q8_0') });
    const { rows } = world.bench.compare([runId], 'river-1b-Q8_0');
    expect(rows.map((row) => [row.isBase, row.decodeRatio?.verdict])).toEqual([
      [false, 'slower'],
      [true, undefined],
    ]);
    expect(() => world.bench.compare([runId], 'other')).toThrow(
      expect.objectContaining({ code: 'bench.not-comparable' }),
    );
  });

  it('lays runs of equal work side by side', async () => {
    using world = createBenchWorld({ speedOf });
    const first = await world.measure({ models: idsOf('F16') });
    const second = await world.measure({ models: idsOf('Q4_K_M') });
    const { rows, differences } = world.bench.compare([first, second]);
    expect(differences).toEqual([]);
    expect(rows.map((row) => [row.runId, row.decodeRatio?.verdict])).toEqual([
      [first, undefined],
      [second, 'faster'],
    ]);
  });

  it('gives no ratio for other work, and says in words what differs', async () => {
    using world = createBenchWorld({
      speedOf,
      models: [benchModel('F16'), benchModel('Q4_K_M', { contextLength: 256 })],
    });
    const first = await world.measure({ models: idsOf('F16'), name: 'large' });
    const second = await world.measure({ models: idsOf('Q4_K_M'), name: 'small', seed: 7 });
    const { rows, differences, pick } = world.bench.compare([first, second]);
    expect(rows.map((row) => row.decodeRatio)).toEqual([null, null]);
    expect(differences).toContain(
      'Prefill: “large” measured pp512, “small” pp256 (tokens 512 and 256, seed 1 and 7).',
    );
    expect(differences).toContain('Decode: “large” measured tg128, “small” tg128 (seed 1 and 7).');
    expect(pick).toBeNull();
  });

  it('does not mix formula versions', async () => {
    using world = createBenchWorld({ speedOf });
    const first = await world.measure({ models: idsOf('F16'), name: 'new' });
    const second = await world.measure({ models: idsOf('Q4_K_M'), name: 'old' });
    world.storage.runs.update(second, { metricsVersion: 0 });
    const { rows, differences } = world.bench.compare([first, second]);
    expect(rows[1]?.decodeRatio).toBeNull();
    expect(differences).toEqual(['“old” was computed with formula version 0, “new” with 2.']);
  });
});

describe('the pick', () => {
  const pickOf = async (
    models: readonly string[],
    speed: typeof speedOf,
    repetitions?: number,
  ): Promise<{ modelId: string; sentence: string } | null> => {
    using world = createBenchWorld({ speedOf: speed });
    const runId = await world.measure({
      models: [...models],
      ...(repetitions !== undefined && { repetitions }),
    });
    const { pick } = world.bench.compare([runId]);
    return pick && { modelId: pick.modelId, sentence: pick.sentence };
  };

  it('names speed and size against the base, and that quality is not measured', async () => {
    expect(await pickOf(idsOf(...types), speedOf)).toEqual({
      modelId: 'river-1b-Q4_K_M',
      sentence: expect.stringMatching(
        /^Take Q4_K_M: 1\.9\d?× the decode speed of F16 at a third of its size\. Quality is not measured yet, so the file under 4 bits per weight is not considered\.$/,
      ) as string,
    });
  });

  it('is one row, also where two runs measured the same files', async () => {
    using world = createBenchWorld({ speedOf });
    const models = idsOf('F16', 'Q8_0', 'Q4_K_M');
    const runIds = [
      await world.measure({ models, name: 'one' }),
      await world.measure({ models, name: 'two' }),
    ];
    const { rows, pick } = world.bench.compare(runIds);
    expect(rows.filter((row) => row.modelId === pick?.modelId)).toHaveLength(2);
    expect(rows.filter((row) => isPicked(row, pick))).toHaveLength(1);
  });

  it('takes the smallest of equally fast files', async () => {
    expect(await pickOf(idsOf('F16', 'Q8_0', 'Q4_K_M'), equalSpeed)).toEqual({
      modelId: 'river-1b-Q4_K_M',
      sentence:
        'Take Q4_K_M: a third of the size of F16, with no measurable difference in decode speed. Quality is not measured yet.',
    });
  });

  it('keeps the base when nothing is faster', async () => {
    const slower = (id: string) => ({ tokensPerSecond: id.endsWith('F16') ? 900 : 500, noise: 0.004 });
    expect(await pickOf(idsOf('F16', 'Q8_0'), slower)).toEqual({
      modelId: 'river-1b-F16',
      sentence: 'Take F16: no other file is measurably faster in decode. Quality is not measured yet.',
    });
  });

  it('claims nothing from too few repetitions', async () => {
    expect(await pickOf(idsOf('F16', 'Q8_0'), speedOf, 3)).toMatchObject({
      sentence: expect.stringMatching(
        /^3 repetitions are too few to tell the files apart in speed/,
      ) as string,
    });
  });

  it('does not recommend one model over another for its speed alone', async () => {
    using world = createBenchWorld({
      models: [benchModel('F16'), benchModel('Q2_K', { id: 'sea-7b-Q2_K', parameterCount: 7e9 })],
      speedOf: (id) => ({ tokensPerSecond: id.startsWith('sea') ? 200 : 900, noise: 0.004 }),
    });
    const runId = await world.measure({ models: ['river-1b-F16', 'sea-7b-Q2_K'] });
    expect(world.bench.compare([runId]).pick?.sentence).toBe(
      'river-1b-F16 leads: no other file is measurably faster in decode. These are different models, and quality is not measured yet.',
    );
  });

  it('does not exist for a single file', async () => {
    expect(await pickOf(idsOf('F16'), speedOf)).toBeNull();
  });
});
