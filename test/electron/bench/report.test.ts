import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256Of } from '../../../electron/bench/workload.ts';
import { METRICS_VERSION } from '../../../shared/contract/bench.ts';
import { reportFormatSchema, reportSchema, type ReportFormat } from '../../../shared/contract/report.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { benchModel, createBenchWorld, type BenchWorld } from '../../support/bench-world.ts';
import { importFixture } from '../../support/import-fixture.ts';

const speedOf = (modelId: string) => ({ tokensPerSecond: modelId.endsWith('F16') ? 500 : 950, noise: 0.004 });
const models = ['river-1b-F16', 'river-1b-Q4_K_M'];
const formats = reportFormatSchema.options;
const textFormats = formats.filter((format) => format !== 'pdf');

const measured = async (name?: string): Promise<BenchWorld & { runId: string }> => {
  const world = createBenchWorld({ speedOf });
  const runId = await world.measure({ models, ...(name !== undefined && { name }) });
  return { ...world, runId };
};

const textOf = async (world: BenchWorld & { runId: string }, format: ReportFormat): Promise<string> =>
  (await world.report(world.runId, format)).text;

/** What a reader sees of a page, white space folded. */
const plain = (html: string): string =>
  html.replaceAll(/<style>[^]*<\/style>|<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

describe('every report', () => {
  it.each(formats)(
    'as %s is the same bytes each time and has a name that says run and day',
    async (format) => {
      using world = await measured();
      const report = await world.report(world.runId, format);
      expect(await world.report(world.runId, format)).toEqual(report);
      expect(report.fileName).toMatch(/^dyno-river-1b-f16-q4_k_m-2026-01-01\.[a-z-.]+$/);
      expect(report.encoding).toBe(format === 'pdf' ? 'base64' : 'utf8');
    },
  );

  it('cuts paths in error messages, too', async () => {
    using world = createBenchWorld({ speedOf });
    world.engine.failLoad(
      'river-1b-F16',
      new AppError(
        'engine.load-failed',
        'cannot read /home/user/models/river-1b-F16.gguf, see /home/user/log',
      ),
    );
    const { runId } = await world.measurePartly({ models });
    const { text } = await world.report(runId, 'json');
    expect(text).toContain('cannot read river-1b-F16.gguf, see ~/log');
  });

  it('can be written of a run that measured nothing yet', async () => {
    using world = createBenchWorld();
    const { runId } = await world.bench.start({ models });
    for (const format of ['html', 'markdown', 'csv', 'json', 'jsonl'] as const) {
      expect((await world.report(runId, format)).text.length).toBeGreaterThan(50);
    }
    await expect(world.report(runId, 'llama-bench-md')).rejects.toMatchObject({
      code: 'report.nothing-to-export',
    });
  });
});

describe('a run that judged quality', () => {
  it('shows each file’s divergence with its error in every format, and says what it means', async () => {
    using world = createBenchWorld({ speedOf });
    const runId = await world.measure({ models, judge: {}, name: 'Judged' });
    const html = plain((await world.report(runId, 'html')).text);
    expect(html).toContain('Speed against quality');
    expect(html).toContain('0.0300 ± 0.00150 · n 2,550');
    expect(html).toContain('how much a file differs from the original');
    expect((await world.report(runId, 'markdown')).text).toContain('0.0300 ± 0.00150 (n 2550)');
    const rows = (await world.report(runId, 'csv')).text.split('\r\n').map((line) => line.split(','));
    const column = (name: string): number => rows[0]?.indexOf(name) ?? -1;
    expect(
      rows
        .filter((row) => row[column('metric')] === 'kldMean')
        .map((row) => [row[column('quantization')], row[column('value')], row[column('standard_error')]]),
    ).toEqual([
      ['F16', '0', '0'],
      ['Q4_K_M', '0.03', '0.0015'],
    ]);
    const { runs } = reportSchema.parse(JSON.parse((await world.report(runId, 'json')).text));
    expect(runs[0]?.run.judges.map(({ state }) => state.type)).toEqual(['judged', 'judged']);
  });
});

describe('privacy', () => {
  const owner = { homeFolder: '/home/ada.l', hostName: 'ada-workstation.lan', userName: 'ada.l' };
  /** A run whose texts hold everything that must stay at home. */
  const revealing = async () => {
    const path = '/home/ada.l/models/river-1b-F16.gguf';
    const world = createBenchWorld({
      speedOf,
      host: owner,
      models: [benchModel('F16', { path, parts: [path] })],
    });
    const runId = await world.measure({
      models: ['river-1b-F16'],
      name: 'Speed on ada-workstation, by ada.l, from /home/ada.l/work and C:\\Users\\Ada\\models',
    });
    return { ...world, runId };
  };
  const secrets = ['ada-workstation', 'ada.l', '/home/', 'C:\\Users\\Ada'];

  it.each(textFormats)('as %s no report tells host, user or home folder unless asked', async (format) => {
    using world = await revealing();
    const text = await textOf(world, format);
    for (const secret of secrets) expect(text).not.toContain(secret);
    if (format === 'html') {
      for (const [, data] of text.matchAll(/base64,([^"]+)"/g)) {
        const inner = gunzipSync(Buffer.from(data ?? '', 'base64')).toString('utf8');
        for (const secret of secrets) expect(inner).not.toContain(secret);
      }
    }
  });

  it('prints the same scrubbed page as PDF', async () => {
    using world = await revealing();
    await world.report(world.runId, 'pdf');
    expect(world.printed).toHaveLength(1);
    for (const secret of secrets) expect(world.printed[0]).not.toContain(secret);
  });

  it('names host and user, and keeps paths, when their owner asks', async () => {
    using world = await revealing();
    const { text } = await world.report(world.runId, 'json', { includeHost: true });
    const report = reportSchema.parse(JSON.parse(text));
    expect(report.host).toEqual({ name: 'ada-workstation.lan', user: 'ada.l' });
    expect(report.runs[0]?.run.models[0]?.path).toBe('/home/ada.l/models/river-1b-F16.gguf');
    const { text: page } = await world.report(world.runId, 'html', { includeHost: true });
    expect(plain(page)).toContain('ada-workstation.lan, ada.l');
  });

  it('leaves words alone that are also the name of an account', async () => {
    using world = createBenchWorld({ speedOf, host: { hostName: 'localhost', userName: 'engine' } });
    const runId = await world.measure({ models });
    const report = reportSchema.parse(JSON.parse((await world.report(runId, 'json')).text));
    expect(report.runs[0]?.run.cells[0]?.ladder).toBe('engine');
  });
});

describe('the JSON report', () => {
  it('seals its content with a hash anyone can check', async () => {
    using world = await measured();
    const report = JSON.parse(await textOf(world, 'json')) as Record<string, unknown>;
    const { contentHash, ...content } = report;
    expect(contentHash).toBe(sha256Of(canonicalJson(content)));
    expect(Object.keys(report)).toEqual([
      'schema',
      'writtenBy',
      'host',
      'runs',
      'imported',
      'comparison',
      'diff',
      'caveats',
      'contentHash',
    ]);
  });

  it('has the form of its published schema', async () => {
    using world = await measured();
    expect(reportSchema.safeParse(JSON.parse(await textOf(world, 'json'))).success).toBe(true);
  });
});

describe('the hash of the content', () => {
  it.each(['html', 'markdown', 'csv', 'jsonl'] as const)('stands in %s as well', async (format) => {
    using world = await measured();
    const { contentHash } = JSON.parse(await textOf(world, 'json')) as { contentHash: string };
    expect(await textOf(world, format)).toContain(contentHash);
  });
});

describe('the HTML report', () => {
  it('needs nothing from outside and runs no script', async () => {
    using world = await measured();
    const { text, mimeType } = await world.report(world.runId, 'html');
    expect(mimeType).toBe('text/html; charset=utf-8');
    expect(text).not.toMatch(/<script|<link|@import|url\(|https?:\/\//i);
    expect(text).toContain("default-src 'none'");
  });

  it('escapes what comes from files and people', async () => {
    using world = await measured('<img src=x onerror=alert(1)> & "Co"');
    const text = await textOf(world, 'html');
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;Co&quot;');
  });

  it('says the verdict with its interval, the workload, the file, the engine, the conditions, the caveats and how to repeat it', async () => {
    using world = await measured();
    const text = plain(await textOf(world, 'html'));
    for (const fact of [
      'Take Q4_K_M: 1.9',
      'Decode of Q4_K_M against F16: 1.9',
      '×, 95 % interval 1.',
      'Seed 1',
      'Text of the prompts, SHA-256',
      'tg128 tokens 128, depth 0, sequences 1',
      'single-stream prompt tokens 128, output tokens 64, requests 2, minimum 250 ms',
      'Requests asked for and got',
      'closed loop',
      'a'.repeat(64),
      'Tensor types F16 × 113, F32 × 34',
      'Chat template SHA-256',
      'llama.cpp',
      'Flash attention',
      'KV cache',
      'AMD Ryzen 9 7950X, 16 cores (32 threads usable)',
      '64.0 GiB, DDR5, 6000 MT/s',
      'Kernel 6.12.1',
      'Clock governor performance',
      'models take turns, forward and backward',
      'Other programs before the start 1.50 % of the processor',
      'Speed and memory were measured; the quality of the answers was not.',
      'dyno bench river-1b-F16 river-1b-Q4_K_M --preset quick',
      `formulas version ${METRICS_VERSION}`,
    ]) {
      expect(text).toContain(fact);
    }
  });

  it('says of a single file its speed with the interval of the median', async () => {
    using world = createBenchWorld({ speedOf });
    const runId = await world.measure({ models: ['river-1b-F16'], repetitions: 6 });
    const { text } = await world.report(runId, 'html');
    expect(plain(text)).toMatch(/F16: decode \d+ t\/s \(95 % interval \d+ to \d+, n 6\)\./);
  });

  it('draws charts with a text for who cannot see them', async () => {
    using world = await measured();
    const text = await textOf(world, 'html');
    const labels = [...text.matchAll(/role="img"\s+aria-label="([^"]+)"/g)].map((match) => match[1]);
    expect(labels).toHaveLength(4);
    expect(labels[0]).toMatch(/^Decode, engine: F16 \d+ t\/s, Q4_K_M \d+ t\/s$/);
    const drawings = text.match(/<svg[^]*?<\/svg>/g) ?? [];
    expect(drawings).toHaveLength(4);
    for (const drawing of drawings) expect(drawing).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('carries every request inside', async () => {
    using world = await measured();
    const link = /download="dyno-requests\.jsonl\.gz"\s+href="data:application\/gzip;base64,([^"]+)"/.exec(
      await textOf(world, 'html'),
    );
    const jsonl = gunzipSync(Buffer.from(link?.[1] ?? '', 'base64')).toString('utf8');
    expect(jsonl).toBe(await textOf(world, 'jsonl'));
    expect(jsonl.trim().split('\n')).toHaveLength(1 + world.bench.samples(world.runId).length);
  });
});

describe('a report of several runs', () => {
  const several = async () => {
    const world = createBenchWorld({ speedOf });
    const first = await world.measure({ models, name: 'Monday' });
    const second = await world.measure({ models, name: 'Tuesday', settings: { flashAttention: 'off' } });
    const imported = await world.reports.import(
      { type: 'text', fileName: 'llama-bench.json', text: importFixture('llama-bench.json') },
      undefined,
    );
    return { ...world, first, second, imported };
  };

  it('lays them side by side, each under its letter, and says what changed before how much', async () => {
    using world = await several();
    const { text } = await world.report(world.first, 'html', { runIds: [world.first, world.second] });
    const page = plain(text);
    for (const part of [
      'Comparison of 2 runs',
      'A Monday',
      'B Tuesday',
      'A · F16',
      'B · Q4_K_M',
      'Run A',
      'Run B',
    ]) {
      expect(page).toContain(part);
    }
    expect(page.indexOf('What changed from A to B')).toBeGreaterThan(0);
    expect(page.indexOf('Engine settings')).toBeLessThan(page.indexOf('B over A'));
    expect(page.match(/dyno bench river-1b-F16/g)).toHaveLength(2);
  });

  it('holds imported runs with the origin of every figure and what was not converted', async () => {
    using world = await several();
    for (const format of ['html', 'markdown'] as const) {
      const { text } = await world.report(world.first, format, { runIds: [world.first, world.imported.id] });
      expect(text).toContain('imported from llama-bench');
      expect(text).toMatch(/llama-bench samples\\?_ts/);
      expect(text).toMatch(/avg\\?_ns, stddev\\?_ns/);
    }
    const { text } = await world.report(world.first, 'csv', { runIds: [world.first, world.imported.id] });
    expect(text).toContain(',llama-bench samples_ts,');
  });
});

describe('the CSV report', () => {
  it('has a line per model, test and metric, with full precision and a unit', async () => {
    using world = await measured();
    const [head, ...lines] = (await textOf(world, 'csv')).trimEnd().split('\r\n');
    expect(head).toContain('metric,unit,median,ci95_low');
    const run = world.bench.get(world.runId);
    const metrics = run.cells.reduce((sum, cell) => sum + Object.keys(cell.metrics).length, 0);
    const energies = run.cells.reduce((sum, { conditions }) => sum + (conditions?.energy.length ?? 0), 0);
    expect(lines).toHaveLength(metrics + 2 * energies);
    const decode = lines.find((line) => line.includes(',engine,tg128,') && line.includes('river-1b-F16'));
    expect(decode).toContain(`,decodeTps,t/s,${run.cells[1]?.metrics.decodeTps?.median},`);
  });

  it('defuses texts a spreadsheet would run, and quotes what needs it', async () => {
    using world = await measured('=HYPERLINK("x"), sum');
    expect(await textOf(world, 'csv')).toContain(`"'=HYPERLINK(""x""), sum",river-1b-F16`);
  });
});

describe('the Markdown report', () => {
  it('keeps user text from becoming markup', async () => {
    using world = createBenchWorld({ models: [benchModel('F16', { name: 'a|b*c' })] });
    const runId = await world.measure({ models: ['river-1b-F16'], name: '# x | y' });
    const { text } = await world.report(runId, 'markdown');
    expect(text.startsWith('# # x \\| y\n')).toBe(true);
    expect(text).toContain('| a\\|b\\*c F16 |');
  });
});

describe('the llama-bench formats', () => {
  it('have the columns of the real program, in its order', async () => {
    using world = await measured();
    const head = (text: string) => text.split('\n')[0];
    expect(head(await textOf(world, 'llama-bench-csv'))).toBe(head(importFixture('llama-bench.csv')));
    const keys = (text: string) => Object.keys((JSON.parse(text) as object[])[0] ?? {});
    expect(keys(await textOf(world, 'llama-bench-json'))).toEqual(keys(importFixture('llama-bench.json')));
    const lineKeys = (text: string) => Object.keys(JSON.parse(text.split('\n')[0] ?? '') as object);
    expect(lineKeys(await textOf(world, 'llama-bench-jsonl'))).toEqual(
      lineKeys(importFixture('llama-bench.jsonl')),
    );
    const table = (text: string) => text.slice(0, text.indexOf(';'));
    expect(table(await textOf(world, 'llama-bench-sql'))).toBe(table(importFixture('llama-bench.sql')));
  });

  it('have the types of the real program in JSON', async () => {
    using world = await measured();
    const types = (text: string) =>
      Object.entries((JSON.parse(text) as Record<string, unknown>[])[0] ?? {}).map(
        ([name, value]) => `${name} ${typeof value}`,
      );
    expect(types(await textOf(world, 'llama-bench-json'))).toEqual(types(importFixture('llama-bench.json')));
  });

  it('hold one row per model and engine test, and end with the build as the program does', async () => {
    using world = await measured();
    const text = await textOf(world, 'llama-bench-md');
    expect(text.match(/^\| .*(pp512|tg128) \|/gm)).toHaveLength(4);
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^build: \S+ \(\d+\)$/);
    expect((JSON.parse(await textOf(world, 'llama-bench-json')) as object[]).length).toBe(4);
  });
});
