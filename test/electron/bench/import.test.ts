import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../electron/bench/import/detect-format.ts';
import { importFile } from '../../../electron/bench/import/import-file.ts';
import type { ImportedRun } from '../../../shared/contract/imports.ts';
import { createBenchWorld } from '../../support/bench-world.ts';
import { importFixture } from '../../support/import-fixture.ts';

const take = (fileName: string): ImportedRun =>
  importFile({ id: 'imp_1', importedAtMs: 0, fileName, text: importFixture(fileName) });

/** `pp64 prefillTps mean` of every figure. */
const figuresOf = (run: ImportedRun) =>
  run.cells.flatMap((cell) =>
    cell.figures.map((figure) => `${cell.test} ${figure.metric} ${figure.statistic}`),
  );

const valueOf = (run: ImportedRun, metric: string) =>
  run.cells.flatMap(({ figures }) => figures).find((figure) => figure.metric === metric);

describe('a result of llama-bench', () => {
  it.each(['md', 'csv', 'json', 'jsonl', 'sql'])(
    'as %s is known by what it holds and gives its four tests',
    (style) => {
      const run = take(`llama-bench.${style}`);
      expect(run).toMatchObject({
        tool: 'llama-bench',
        format: `llama-bench-${style}`,
        toolVersion: 'de3ff81 (1)',
        models: [{ quantization: 'F16' }],
      });
      const statistic = style.startsWith('json') ? 'median' : 'mean';
      expect(figuresOf(run)).toEqual([
        `pp64 prefillTps ${statistic}`,
        `tg16 decodeTps ${statistic}`,
        `pp64@d32 prefillTps ${statistic}`,
        `tg16@d32 decodeTps ${statistic}`,
      ]);
    },
  );

  it('keeps the repetitions that JSON has, and takes their median', () => {
    const line = JSON.parse(importFixture('llama-bench.json')) as { samples_ts: number[] }[];
    const figure = take('llama-bench.json').cells[0]?.figures[0];
    expect(figure?.values).toEqual(line[0]?.samples_ts);
    const sorted = [...(line[0]?.samples_ts ?? [])].sort((a, b) => a - b);
    expect(figure).toMatchObject({ n: 4, value: ((sorted[1] ?? 0) + (sorted[2] ?? 0)) / 2 });
  });

  it('says of a format without repetitions that its figure is a mean', () => {
    expect(take('llama-bench.md').cells[0]?.figures[0]).toMatchObject({
      statistic: 'mean',
      n: null,
      values: [],
      remark: 'a mean; this format does not keep the repetitions',
    });
  });

  it('tells arms apart by the settings that differ, and lists what mixes prefill and decode', () => {
    const text = [
      '| model        |     size |   params | backend | threads |     test |            t/s |',
      '| ------------ | -------: | -------: | ------- | ------: | -------: | -------------: |',
      '| llama 7B Q4_0 | 3.56 GiB | 6.74 B | CPU | 4 | tg128 | 21.50 ± 0.10 |',
      '| llama 7B Q4_0 | 3.56 GiB | 6.74 B | CPU | 8 | tg128 | 30.25 ± 0.20 |',
      '| llama 7B Q4_0 | 3.56 GiB | 6.74 B | CPU | 8 | pp512+tg128 | 60.00 ± 0.20 |',
    ].join('\n');
    const run = importFile({ id: 'imp_1', importedAtMs: 0, fileName: 'issue.md', text });
    expect(run.models.map(({ name }) => name)).toEqual([
      'llama 7B Q4_0, n_threads 4',
      'llama 7B Q4_0, n_threads 8',
    ]);
    expect(run.cells.map((cell) => [cell.modelId, cell.figures[0]?.value])).toEqual([
      ['m1', 21.5],
      ['m2', 30.25],
    ]);
    expect(run.notConverted).toContainEqual({
      field: 'pp512+tg128',
      reason: 'prefill and decode in one figure; Dyno keeps them apart',
    });
  });

  it('comes back equal from Dyno’s own export, repetition by repetition', async () => {
    using world = createBenchWorld({ engine: { tokensPerSecond: 500, noise: 0.01 } });
    const runId = await world.measure({ models: ['river-1b-F16'] });
    const { text } = await world.report(runId, 'llama-bench-json');
    const run = importFile({ id: 'imp_1', importedAtMs: 0, fileName: 'own.json', text });
    const decode = run.cells.find((cell) => cell.test === 'tg128')?.figures[0];
    const own = world.storage.runs
      .repetitions(runId, 'c1-2')
      .filter(({ isWarmup }) => !isWarmup)
      .map(({ values }) => values.decodeTps ?? 0);
    expect(decode?.values).toEqual(own.map((speed) => Number(speed.toPrecision(6))));
  });
});

describe('a result of vLLM', () => {
  const run = take('vllm.json');

  it('gets Dyno’s names, and a remark where its clock is another', () => {
    expect(run.cells[0]).toMatchObject({
      test: 'closed-loop x8',
      ladder: 'api',
      workload: { concurrency: 8, requests: 400, promptTokens: 512, outputTokens: 128 },
    });
    expect(figuresOf(run)).toEqual([
      'closed-loop x8 ttftMs median',
      'closed-loop x8 tpotMs median',
      'closed-loop x8 chunkGapMs median',
      'closed-loop x8 decodeTps median',
      'closed-loop x8 systemTps total',
      'closed-loop x8 requestsPerSecond total',
    ]);
    expect(valueOf(run, 'ttftMs')).toMatchObject({
      value: 148.2,
      origin: 'vLLM median_ttft_ms',
      remark: 'vLLM stops the clock at the first event of any kind, an empty role chunk included',
      percentiles: { n: 400, p50: 148.2, p90: 190.1, p99: 262.9 },
    });
    expect(valueOf(run, 'decodeTps')?.value).toBeCloseTo(1000 / 8.25, 9);
  });

  it('lists every field it could not convert', () => {
    expect(run.notConverted.map(({ field }) => field)).toEqual([
      'total_token_throughput',
      'max_output_tokens_per_s',
      'max_concurrent_requests',
      'rtfx',
    ]);
  });
});

describe('a result of GuideLLM', () => {
  const run = take('guidellm.json');

  it('gives a test per benchmark, and its ITL is Dyno’s TPOT', () => {
    expect(run.cells.map((cell) => cell.test)).toEqual(['single-stream', 'open-loop 4/s']);
    expect(valueOf(run, 'tpotMs')).toMatchObject({ value: 9.15, origin: 'GuideLLM inter_token_latency_ms' });
    expect(valueOf(run, 'e2eMs')?.value).toBeCloseTo(1220, 9);
  });

  it('does not take its TPOT for ours, since it includes the time to the first token', () => {
    expect(figuresOf(run).filter((name) => name.includes('tpotMs'))).toHaveLength(1);
    expect(run.notConverted).toContainEqual({
      field: 'time_per_output_token_ms',
      reason: 'includes the time to the first token, so it is not TPOT',
    });
  });

  it('shows a percentile only where its interval exists', () => {
    expect(valueOf(run, 'ttftMs')?.percentiles).toEqual({
      n: 40,
      p50: 60.4,
      p90: 64,
      p95: null,
      p99: null,
      p999: null,
      max: 70.3,
    });
  });
});

describe('a result of AIPerf or GenAI-Perf', () => {
  it('is read in the unit the file says', () => {
    const run = take('aiperf.json');
    expect(run).toMatchObject({
      tool: 'aiperf',
      toolVersion: '0.6.0',
      models: [{ name: 'example/river-20b' }],
    });
    expect(run.cells[0]?.test).toBe('closed-loop x100');
    expect(valueOf(run, 'ttftMs')).toMatchObject({
      value: 787.5,
      n: 200,
      origin: 'aiperf time_to_first_token.p50',
    });
    expect(valueOf(run, 'systemTps')).toMatchObject({ value: 1274.6, statistic: 'total' });
    expect(run.notConverted.map(({ field }) => field)).toEqual([
      'total_token_throughput',
      'time_to_second_token',
      'telemetry_data',
    ]);
  });

  it('keeps no name of the measured machine', () => {
    expect(JSON.stringify(take('aiperf.json'))).not.toContain('d3bc1424aff3');
  });

  it('tells the older tool by its file', () => {
    const run = take('genai-perf.json');
    expect(run).toMatchObject({ tool: 'genai-perf', models: [{ name: 'river-3b' }] });
    expect(run.cells[0]?.test).toBe('single-stream');
    expect(valueOf(run, 'ttftMs')).toMatchObject({ value: 21.3, percentiles: null });
  });
});

describe('what is no result', () => {
  it.each([
    ['prose', 'Nothing here.'],
    ['JSON of something else', '{"name":"package","version":"1.0.0"}'],
    ['a list of something else', '[1,2,3]'],
    ['an empty file', ''],
    ['a table of something else', '| model | price |\n| --- | --- |\n| a | 1 |'],
  ])('%s is refused with what Dyno reads', (_what, text) => {
    expect(detectFormat(text)).toBeUndefined();
    expect(() => importFile({ id: 'imp_1', importedAtMs: 0, fileName: 'x.json', text })).toThrow(
      expect.objectContaining({
        code: 'report.unknown-format',
        hint: expect.stringContaining('llama-bench-md') as string,
      }),
    );
  });

  it('is refused when another format is asked for', () => {
    expect(() =>
      importFile({
        id: 'i',
        importedAtMs: 0,
        fileName: 'x',
        text: importFixture('vllm.json'),
        format: 'guidellm',
      }),
    ).toThrow(expect.objectContaining({ code: 'report.unknown-format' }));
  });
});

describe('imported runs beside measured ones', () => {
  const imported = async () => {
    const world = createBenchWorld({ engine: { tokensPerSecond: 500, noise: 0.004 } });
    const runId = await world.measure({ models: ['river-1b-F16'] });
    world.files.put('/tmp/bench.json', importFixture('llama-bench.json'));
    const run = await world.reports.import({ type: 'path', path: '/tmp/bench.json' }, undefined);
    return { world, runId, run };
  };

  it('stand in the comparison with their origin, without a verdict, and the difference is said', async () => {
    const { world, runId, run } = await imported();
    using _world = world;
    const comparison = world.reports.compare([runId, run.id]);
    expect(comparison.rows.map((row) => row.isBase)).toEqual([true]);
    expect(comparison.imported).toMatchObject([
      {
        runId: run.id,
        tool: 'llama-bench',
        prefillTps: { origin: 'llama-bench samples_ts' },
        ttftMs: null,
      },
    ]);
    expect(comparison.differences).toEqual([
      expect.stringMatching(/was measured by llama-bench .* without a verdict/) as string,
    ]);
  });

  it('are kept in the database, and go when they are removed', async () => {
    const { world, run } = await imported();
    using _world = world;
    expect(world.storage.imports.list()).toEqual([run]);
    world.reports.removeImported(run.id);
    expect(world.reports.isImported(run.id)).toBe(false);
  });
});
