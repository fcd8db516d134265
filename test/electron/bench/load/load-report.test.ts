import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { summarizeStage } from '../../../../electron/bench/load/summarize-stage.ts';
import { renderLoad } from '../../../../electron/cli/render/load.ts';
import { loadRunSchema, type LoadSample } from '../../../../shared/contract/load.ts';
import { loadReportSchema, type LoadReportFormat } from '../../../../shared/contract/load-report.ts';
import { benchInventory, createBenchWorld } from '../../../support/bench-world.ts';
import { createLoadSample } from '../../../support/load-samples.ts';

const owner = { homeFolder: '/home/ada.l', hostName: 'ada-workstation.lan', userName: 'ada.l' };
const secrets = ['ada-workstation', 'ada.l', '/home/', 'opensesame'];

/** A stored load run of two stages whose figures and texts are known. */
const measured = (requests = 40, target: object = {}, changes: Partial<LoadSample> = {}) => {
  const world = createBenchWorld({ host: owner });
  const { loads } = world.storage;
  loads.create(
    loadRunSchema.parse({
      id: 'load_1',
      name: 'Of ada.l <b>: closed loop',
      createdAtMs: Date.UTC(2026, 0, 5, 10),
      endedAtMs: Date.UTC(2026, 0, 5, 10, 1),
      metricsVersion: 2,
      dynoVersion: '0.1.0',
      target: {
        type: 'url',
        url: 'http://me:opensesame@gpu:8000/v1',
        model: 'river-1b',
        dialect: 'openai-chat',
        headerNames: ['x-team'],
        server: 'uvicorn',
        promptLengths: 'as-given',
        settings: {},
        ...target,
      },
      shape: 'step-sweep',
      parameters: { users: [1, 4] },
      description: 'One user, then four.',
      prompts: { type: 'file', path: '/home/ada.l/prompts.jsonl' },
      slo: { name: 'interactive', ttftMs: 450, tpotMs: 40 },
      seed: 1,
      idleTimeoutMs: 120_000,
      state: { type: 'done', resultId: 'load_1' },
      machine: benchInventory,
      stages: [],
      finding: 'Four users get 3.9 times the output of one.',
      trust: {
        level: 'amber',
        reasons: [{ level: 'amber', signal: 'errors', message: 'One request failed.' }],
      },
      repeatCommand: 'dyno load --url http://me:opensesame@gpu:8000/v1 --prompts /home/ada.l/prompts.jsonl',
    }),
  );
  for (const [index, users] of [1, 4].entries()) {
    const samples = Array.from({ length: requests }, (_, at): LoadSample =>
      createLoadSample({
        index: at,
        firstTokenMs: 100 + at,
        ...changes,
        ...(at === 3 && { error: { code: 'bench.target-hung', message: 'It fell silent.' }, status: null }),
      }),
    );
    loads.putStage('load_1', {
      index,
      name: `x${users}`,
      load: { type: 'users', users },
      state: 'done',
      startedAtMs: 0,
      endedAtMs: 30_000,
      summary: summarizeStage(samples, {
        startedAtMs: 0,
        endedAtMs: 30_000,
        loopDelayP99Ms: 0.2,
        slo: { ttftMs: 450, tpotMs: 40 },
        schedule: null,
      }),
      trust: { level: 'green', reasons: [] },
      error: null,
    });
    loads.addSamples('load_1', index, samples);
    for (const at of [0, 1, 2])
      loads.addTick('load_1', {
        atMs: 1000 * index + 250 * at,
        stage: index,
        tokensPerSecond: 40 + at,
        inFlight: users,
        ttftsMs: [101],
        finished: at,
        failed: 0,
      });
  }
  const report = (format: LoadReportFormat, includeHost = false) =>
    world.reports.makeLoad({ loadId: 'load_1', format, includeHost }, new AbortController().signal);
  return { ...world, report };
};

describe('the report of a load run', () => {
  it.each(['html', 'markdown'] as const)(
    'as %s tells finding, figures, conditions and how to repeat it',
    async (format) => {
      using world = measured();
      const { text, fileName } = await world.report(format);
      const plain = text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
      for (const fact of [
        'Four users get 3.9 times the output of one.',
        'step-sweep: One user, then four.',
        'interactive, TTFT ≤ 450 ms, TPOT ≤ 40 ms',
        'AMD Ryzen 9 7950X',
        'One request failed.',
        '2 of 80 requests failed',
        'Answered',
        'x-team',
      ])
        expect(plain).toContain(fact);
      expect(plain).toMatch(/TTFT (\| )?12\d/);
      expect(plain).not.toContain('p99.9 |');
      expect(plain).not.toContain('p99.9 max');
      expect(text).not.toContain('Of ada.l <b>');
      expect(fileName).toMatch(/^dyno-load-of-user-b-closed-loop-2026-01-05\.(html|md)$/);
    },
  );

  it('says that a model is synthetic among its caveats, its settings and its figures', async () => {
    using world = measured(6, { type: 'model', url: '', isSynthetic: true });
    const { text } = await world.report('markdown');
    expect(text).toContain('river-1b: synthetic, with random weights.');
    expect(text.match(/random: the file is synthetic/g)?.length).toBeGreaterThanOrEqual(2);
  });

  it('says beside tokens per second and TPOT that events were counted, in the terminal, too', async () => {
    using world = measured(6, { dialect: 'triton' }, { tokenCountSource: 'events' });
    const run = world.storage.loads.get('load_1');
    if (run === undefined) throw new TypeError('no run');
    const { text } = await world.report('markdown');
    const one = renderLoad({ ...run, stages: run.stages.slice(0, 1) });
    for (const shown of [text, one]) {
      expect(shown).toContain('TPOT (per event)');
      expect(shown).toContain('t/s over all (events as tokens)');
      expect(shown).toContain('The server did not count its tokens');
    }
    for (const shown of [text, renderLoad(run)]) {
      expect(shown).toContain('TPOT p50 ms (per event)');
      expect(shown).toContain('system t/s (events as tokens)');
    }
    expect((await world.report('csv')).text).toContain(',events,');

    using counted = measured(6);
    expect((await counted.report('markdown')).text).not.toMatch(/per event\)|events as tokens/);
  });

  it.each(['html', 'markdown', 'csv', 'json', 'jsonl'] as const)(
    'as %s is private, the same every time, and found out when changed',
    async (format) => {
      using world = measured();
      const { text } = await world.report(format);
      expect((await world.report(format)).text).toBe(text);
      const inner = [...text.matchAll(/base64,([^"]+)"/g)].map(([, data]) =>
        gunzipSync(Buffer.from(data ?? '', 'base64')).toString('utf8'),
      );
      for (const secret of secrets) for (const part of [text, ...inner]) expect(part).not.toContain(secret);
      const verdictOf = async (changed: string) =>
        (await world.reports.verify({ type: 'text', fileName: `load.${format}`, text: changed })).verdict;
      expect(await verdictOf(text)).toBe('valid');
      expect(await verdictOf(text.replace(/x4|"status":200/, 'x5'))).toBe('changed');
    },
  );

  it('has the form of its schema, holds every request, and names host and paths only when asked', async () => {
    using world = measured();
    const parsed = loadReportSchema.parse(JSON.parse((await world.report('json', true)).text));
    expect(parsed.samples).toHaveLength(80);
    expect(parsed.host).toEqual({ name: 'ada-workstation.lan', user: 'ada.l' });
    expect(parsed.run.prompts).toEqual({ type: 'file', path: '/home/ada.l/prompts.jsonl' });
    expect(JSON.stringify(parsed)).not.toContain('opensesame');
  });

  it('has a line of CSV per stage and metric, percentiles only where they have an interval', async () => {
    using world = measured();
    const [head = [], ...rows] = (await world.report('csv')).text
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    const of = (row: readonly string[], name: string) => row[head.indexOf(name)];
    const ttft = rows.filter((row) => of(row, 'metric') === 'ttftMs');
    expect(ttft.map((row) => ['stage', 'p50', 'p95', 'n', 'attempted'].map((name) => of(row, name)))).toEqual(
      [
        ['x1', '120', '', '39', '40'],
        ['x4', '120', '', '39', '40'],
      ],
    );
  });

  it('shows p99.9 once a stage has the values for it', async () => {
    using world = measured(4000);
    expect((await world.report('markdown')).text).toContain(
      '| ms | p50 | p90 | p95 | p99 | p99.9 | max | n |',
    );
  });

  it('prints as PDF', async () => {
    using world = measured();
    expect((await world.report('pdf')).mimeType).toBe('application/pdf');
    expect(world.printed[0]).toContain('Four users get');
  });
});

describe('two load runs side by side', () => {
  const text = (fileName: string, content: string) => ({ type: 'text' as const, fileName, text: content });

  it('tell what changed in the target before the figures, and give no verdict on stages that ran once', async () => {
    using before = measured();
    using after = measured(40, { dialect: 'llama-server', server: 'llama.cpp' });
    const { changes, deltas, remarks } = await before.reports.diff(
      { type: 'run', runId: 'load_1' },
      text('after.html', (await after.report('html')).text),
    );
    expect(changes.map(({ name, a, b }) => [name, a, b])).toEqual(
      expect.arrayContaining([
        ['Dialect', 'openai-chat', 'llama-server'],
        ['Server', 'uvicorn', 'llama.cpp'],
      ]),
    );
    const ttft = deltas.filter(({ metric }) => metric === 'TTFT');
    expect(ttft.map(({ test, a, b, ratio, verdict }) => [test, a === b, ratio, verdict])).toEqual([
      ['x1', true, 1, null],
      ['x4', true, 1, null],
    ]);
    expect(ttft.map(({ nA, reason }) => [nA, reason])).toEqual([
      [39, 'fewer than 4 repetitions are known on a side'],
      [39, 'fewer than 4 repetitions are known on a side'],
    ]);
    expect(deltas.map(({ metric }) => metric)).toContain('TPOT');
    expect(remarks).toEqual([]);
  });

  it('say that a changed file cannot be trusted', async () => {
    using world = measured();
    const { text: json } = await world.report('json');
    const { remarks } = await world.reports.diff(
      text('a.json', json),
      text('b.json', json.replace('uvicorn', 'unicorn')),
    );
    expect(remarks).toEqual(['B: b.json was changed after it was written: its figures cannot be trusted.']);
  });

  it('are not held against a benchmark', async () => {
    using world = measured();
    const runId = await world.measure({ models: ['river-1b-F16'] });
    await expect(
      world.reports.diff({ type: 'run', runId }, { type: 'run', runId: 'load_1' }),
    ).rejects.toMatchObject({ code: 'bench.not-comparable' });
  });
});
