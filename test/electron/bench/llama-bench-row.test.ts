import { describe, expect, it } from 'vitest';
import { benchModel, createBenchWorld } from '../../support/bench-world.ts';

const gib = 2 ** 30;

const facts = {
  modelDescription: 'llama 1B Q4_K - Medium',
  tensorBytes: 0.65 * gib,
  threads: 8,
  backend: 'cpu',
} as const;

describe('the table in the terms of llama-bench', () => {
  it('has the columns, widths and separators of llama-bench, with its defaults left out', async () => {
    using world = createBenchWorld({
      engine: { tokensPerSecond: 100, facts: { ...facts, batchSize: 2048 } },
    });
    const runId = await world.measure({ models: ['river-1b-Q4_K_M'], preset: 'community' });
    const lines = world.bench.llamaBenchTable(runId).split('\n');
    expect(lines.slice(0, 2)).toEqual([
      '| model                          |       size |     params | backend    | threads | n_ubatch |            test |                  t/s |',
      '| ------------------------------ | ---------: | ---------: | ---------- | ------: | -------: | --------------: | -------------------: |',
    ]);
    expect(lines[2]).toMatch(
      /^\| llama 1B Q4_K - Medium {9}\| 665\.60 MiB \| {5}1\.07 B \| CPU {8}\| {7}8 \| {5}2048 \| {11}pp512 \| +\d+\.\d\d ± \d+\.\d\d \|$/,
    );
    expect(lines[3]).toMatch(/\| {11}tg128 \| +100\.00 ± 0\.00 \|$/);
    expect(lines).toHaveLength(4);
  });

  it('says of a synthetic model that it is one, also where llama.cpp named it', async () => {
    const models = [benchModel('Q4_K_M synthetic', { id: 's', isSynthetic: true })];
    using world = createBenchWorld({ models, engine: { facts } });
    const runId = await world.measure({ models: ['s'], preset: 'community' });
    expect(world.bench.llamaBenchTable(runId)).toContain('| llama 1B Q4_K - Medium (synthetic) |');
  });

  it('gives mean and sample standard deviation of the measured repetitions, the headline stays the median', async () => {
    using world = createBenchWorld({ engine: { tokensPerSecond: 100, noise: 0.3, facts } });
    const runId = await world.measure({ models: ['river-1b-Q4_K_M'], preset: 'community' });
    const cell = world.bench.get(runId).cells.find(({ test }) => test === 'tg128');
    const speeds = world.storage.runs
      .repetitions(runId, cell?.id ?? '')
      .flatMap(({ isWarmup, values }) => (isWarmup ? [] : (values.decodeTps ?? [])));
    const mean = speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
    const deviation = Math.sqrt(
      speeds.reduce((sum, speed) => sum + (speed - mean) ** 2, 0) / (speeds.length - 1),
    );
    expect(speeds).toHaveLength(5);
    expect(world.bench.llamaBenchTable(runId)).toContain(`${mean.toFixed(2)} ± ${deviation.toFixed(2)} |`);
    expect(cell?.metrics.decodeTps?.median).toBe(speeds.toSorted((a, b) => a - b)[2]);
  });

  it('shows a setting that is not llama-bench’s own, and the GPU layers instead of threads', async () => {
    using world = createBenchWorld({
      engine: { facts: { ...facts, backend: 'cuda', gpuLayers: 33, kvKeyType: 'Q8_0', batchSize: 512 } },
    });
    const runId = await world.measure({
      models: ['river-1b-Q4_K_M'],
      preset: 'community',
      settings: { flashAttention: 'on' },
    });
    const [head, , row] = world.bench.llamaBenchTable(runId).split('\n');
    expect(head?.split('|').map((cell) => cell.trim())).toEqual([
      '',
      'model',
      'size',
      'params',
      'backend',
      'ngl',
      'n_batch',
      'type_k',
      'fa',
      'test',
      't/s',
      '',
    ]);
    expect(
      row
        ?.split('|')
        .map((cell) => cell.trim())
        .slice(4, 10),
    ).toEqual(['CUDA', '33', '512', 'q8_0', '1', 'pp512']);
  });

  it('is empty where nothing of that kind was measured', async () => {
    using world = createBenchWorld();
    const { runId } = await world.bench.start({ models: ['river-1b-Q4_K_M'], preset: 'community' });
    expect(world.bench.llamaBenchTable(runId)).toBe('');
  });
});
