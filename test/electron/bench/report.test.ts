import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256Of } from '../../../electron/bench/workload.ts';
import { METRICS_VERSION, type ReportFormat } from '../../../shared/contract/bench.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { benchModel, createBenchWorld, type BenchWorld } from '../../support/bench-world.ts';

const speedOf = (modelId: string) => ({ tokensPerSecond: modelId.endsWith('F16') ? 500 : 950, noise: 0.004 });
const models = ['river-1b-F16', 'river-1b-Q4_K_M'];
const formats: readonly ReportFormat[] = ['html', 'markdown', 'csv', 'json'];

const measured = async (name?: string): Promise<BenchWorld & { runId: string }> => {
  const world = createBenchWorld({ speedOf });
  const runId = await world.measure({ models, ...(name !== undefined && { name }) });
  return { ...world, runId };
};

describe('every report', () => {
  it.each(formats)('as %s is the same bytes each time and holds no folder of the user', async (format) => {
    using world = await measured();
    const report = world.bench.report(world.runId, format);
    expect(world.bench.report(world.runId, format)).toEqual(report);
    expect(report.text).not.toContain('/home/user');
    expect(report.text).toContain('Q4_K_M');
    expect(report.fileName).toMatch(/^dyno-river-1b-f16-q4_k_m-2026-01-01\.(html|md|csv|json)$/);
  });

  it('cuts paths in error messages, too', async () => {
    using world = createBenchWorld({ speedOf });
    world.engine.failLoad(
      'river-1b-F16',
      new AppError(
        'engine.load-failed',
        'cannot read /home/user/models/river-1b-F16.gguf, see /home/user/log',
      ),
    );
    const runId = await world.measure({ models });
    const { text } = world.bench.report(runId, 'json');
    expect(text).toContain('cannot read river-1b-F16.gguf, see ~/log');
  });
});

describe('the JSON report', () => {
  it('seals its content with a hash anyone can check', async () => {
    using world = await measured();
    const report = JSON.parse(world.bench.report(world.runId, 'json').text) as Record<string, unknown>;
    const { contentHash, ...content } = report;
    expect(contentHash).toBe(sha256Of(canonicalJson(content)));
    expect(Object.keys(report)).toEqual([
      'schema',
      'run',
      'comparison',
      'repetitions',
      'samples',
      'timeline',
      'contentHash',
    ]);
  });
});

describe('the HTML report', () => {
  it('needs nothing from outside and runs no script', async () => {
    using world = await measured();
    const { text, mimeType } = world.bench.report(world.runId, 'html');
    expect(mimeType).toBe('text/html; charset=utf-8');
    expect(text).not.toMatch(/<script|<link|@import|url\(|https?:\/\//i);
    expect(text).toContain("default-src 'none'");
  });

  it('escapes what comes from files and people', async () => {
    using world = await measured('<img src=x onerror=alert(1)> & "Co"');
    const { text } = world.bench.report(world.runId, 'html');
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;Co&quot;');
  });

  it('says the verdict, the conditions, the caveats and how to repeat it', async () => {
    using world = await measured();
    const { text } = world.bench.report(world.runId, 'html');
    const plain = text.replaceAll(/<style>[^]*<\/style>|<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
    for (const fact of [
      'Take Q4_K_M: 1.9',
      'Speed and memory were measured; the quality of the answers was not.',
      'AMD Ryzen 9 7950X, 16 cores (32 threads usable)',
      'a'.repeat(64),
      'models take turns, forward and backward',
      'Other programs before the start 1.50 % of the processor',
      'dyno bench river-1b-F16 river-1b-Q4_K_M --preset quick',
      `formulas version ${METRICS_VERSION}`,
    ]) {
      expect(plain).toContain(fact);
    }
  });

  it('draws charts with a text for who cannot see them', async () => {
    using world = await measured();
    const { text } = world.bench.report(world.runId, 'html');
    const labels = [...text.matchAll(/role="img"\s+aria-label="([^"]+)"/g)].map((match) => match[1]);
    expect(labels).toHaveLength(4);
    expect(labels[0]).toMatch(/^Decode, engine: F16 \d+ t\/s, Q4_K_M \d+ t\/s$/);
    const drawings = text.match(/<svg[^]*?<\/svg>/g) ?? [];
    expect(drawings).toHaveLength(4);
    for (const drawing of drawings) expect(drawing).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('carries every request inside', async () => {
    using world = await measured();
    const { text } = world.bench.report(world.runId, 'html');
    const link = /download="dyno-requests\.jsonl\.gz"\s+href="data:application\/gzip;base64,([^"]+)"/.exec(
      text,
    );
    const lines = gunzipSync(Buffer.from(link?.[1] ?? '', 'base64'))
      .toString('utf8')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(world.bench.samples(world.runId).length);
  });

  it('can be written of a run that measured nothing yet', async () => {
    using world = createBenchWorld();
    const { runId } = await world.bench.start({ models });
    for (const format of formats) expect(world.bench.report(runId, format).text.length).toBeGreaterThan(100);
  });
});

describe('the CSV report', () => {
  it('has a line per model, test and metric, with full precision and a unit', async () => {
    using world = await measured();
    const [head, ...lines] = world.bench.report(world.runId, 'csv').text.trimEnd().split('\r\n');
    expect(head).toContain('metric,unit,median,ci95_low');
    const run = world.bench.get(world.runId);
    const metrics = run.cells.reduce((sum, cell) => sum + Object.keys(cell.metrics).length, 0);
    expect(lines).toHaveLength(metrics);
    const decode = lines.find((line) => line.includes(',engine,tg128,') && line.includes('river-1b-F16'));
    expect(decode).toContain(`,decodeTps,t/s,${run.cells[1]?.metrics.decodeTps?.median},`);
  });

  it('defuses texts a spreadsheet would run, and quotes what needs it', async () => {
    using world = await measured('=HYPERLINK("x"), sum');
    expect(world.bench.report(world.runId, 'csv').text).toContain(`"'=HYPERLINK(""x""), sum",river-1b-F16`);
  });
});

describe('the Markdown report', () => {
  it('keeps user text from becoming markup', async () => {
    using world = createBenchWorld({ models: [benchModel('F16', { name: 'a|b*c' })] });
    const runId = await world.measure({ models: ['river-1b-F16'], name: '# x | y' });
    const { text } = world.bench.report(runId, 'markdown');
    expect(text.startsWith('# # x \\| y\n')).toBe(true);
    expect(text).toContain('| a\\|b\\*c F16 |');
  });
});
