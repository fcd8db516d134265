import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../../../shared/contract/report.ts';
import { createBenchWorld, type BenchWorld } from '../../support/bench-world.ts';
import { importFixture } from '../../support/import-fixture.ts';

const quiet = (tokensPerSecond: number) => () => ({ tokensPerSecond, noise: 0.004 });
const file = (fileName: string, text: string): SourceFile => ({ type: 'text', fileName, text });

describe('the check of a report', () => {
  const measured = async () => {
    const world = createBenchWorld({ speedOf: quiet(500) });
    return { ...world, runId: await world.measure({ models: ['river-1b-F16'], name: 'Before' }) };
  };
  const states = async (world: BenchWorld, text: string) => {
    const { verdict, checks } = await world.reports.verify(file('report', text));
    return [verdict, ...checks.map(({ covers, state }) => `${covers} ${state}`)];
  };

  it.each([
    ['html', ['valid', 'data valid', 'text valid']],
    ['json', ['valid', 'data valid']],
    ['jsonl', ['valid', 'data valid']],
    ['markdown', ['valid', 'text valid', 'data not-covered']],
    ['csv', ['valid', 'text valid', 'data not-covered']],
  ] as const)('finds %s as it was written, and says what that covers', async (format, expected) => {
    using world = await measured();
    const { text } = await world.report(world.runId, format);
    expect(await states(world, text)).toEqual(expected);
    expect(await states(world, text.replaceAll(/\r?\n/g, '\r\n'))).toEqual(expected);
  });

  it('sees one changed digit of the text a reader sees, while the data stays', async () => {
    using world = await measured();
    const { text } = await world.report(world.runId, 'html');
    const changed = text.replace(
      /decode (\d)/,
      (_all, digit: string) => `decode ${(Number(digit) + 1) % 10}`,
    );
    expect(changed).not.toBe(text);
    expect(await states(world, changed)).toEqual(['changed', 'data valid', 'text changed']);
  });

  it('sees a page whose seal was cut off to hide a change of its text', async () => {
    using world = await measured();
    const { text } = await world.report(world.runId, 'html');
    const changed = text.replace('Before', 'After').replace(/dyno-seal:sha256:[0-9a-f]{64}/, '');
    expect(await states(world, changed)).toEqual(['changed', 'data valid', 'text changed']);
  });

  it('sees one changed number of the data', async () => {
    using world = await measured();
    const json = await world.report(world.runId, 'json');
    expect(await states(world, json.text.replace(/"median": (\d)/, '"median": 9$1'))).toEqual([
      'changed',
      'data changed',
    ]);
    const jsonl = await world.report(world.runId, 'jsonl');
    expect(await states(world, jsonl.text.replace('"status":200', '"status":201'))).toEqual([
      'changed',
      'data changed',
    ]);
  });

  it('sees a changed Markdown table', async () => {
    using world = await measured();
    const { text } = await world.report(world.runId, 'markdown');
    expect(await states(world, text.replace('Before', 'After'))).toEqual([
      'changed',
      'text changed',
      'data not-covered',
    ]);
  });

  it('sees one changed figure of a CSV, and one row that is gone', async () => {
    using world = await measured();
    const { text, report } = {
      ...(await world.report(world.runId, 'csv')),
      report: await world.report(world.runId, 'json'),
    };
    const changed = ['changed', 'text changed', 'data not-covered'];
    expect(await states(world, text.replace('Before,', 'After,'))).toEqual(changed);
    expect(await states(world, text.split('\r\n').toSpliced(2, 1).join('\r\n'))).toEqual(changed);
    const { contentHash } = await world.reports.verify(file('report.csv', text));
    expect(report.text).toContain(String(contentHash));
  });

  it.each([
    ['a CSV', 'run,model\r\nx,y\r\n'],
    ['another page', '<!doctype html><p>hello</p>'],
    ['other JSON', '{"name":"x"}'],
    ['a PDF', '%PDF-1.7 …'],
    [
      'a page with broken data',
      '<!doctype html><a download="dyno-report.json.gz" href="data:application/gzip;base64,AAAA">',
    ],
  ])('refuses %s', async (_what, text) => {
    using world = await measured();
    await expect(world.reports.verify(file('x', text))).rejects.toMatchObject({ code: 'report.unreadable' });
  });
});

describe('the diff of two runs', () => {
  it('says which settings changed, and that the change made it faster', async () => {
    const speeds = { before: 500, after: 650 };
    let speed = speeds.before;
    using world = createBenchWorld({ speedOf: () => ({ tokensPerSecond: speed, noise: 0.004 }) });
    const a = await world.measure({ models: ['river-1b-F16'], name: 'Before' });
    speed = speeds.after;
    const b = await world.measure({ models: ['river-1b-F16'], name: 'After', settings: { slots: 8 } });
    world.storage.runs.update(b, { dynoVersion: '0.2.0' });
    const diff = await world.reports.diff({ type: 'run', runId: a }, { type: 'run', runId: b });
    expect(diff.changes.map(({ group, name, a: from, b: to }) => [group, name, from, to])).toEqual([
      ['build', 'Dyno', '0.1.0', '0.2.0'],
      expect.arrayContaining(['flags', 'Context']) as unknown[],
    ]);
    const decode = diff.deltas.find(({ test }) => test === 'tg128');
    expect(decode).toMatchObject({ verdict: 'better', reason: null, unit: 't/s' });
    expect(decode?.ratio).toBeCloseTo(1.3, 1);
    expect(decode?.low).toBeGreaterThan(1.2);
    const back = await world.reports.diff({ type: 'run', runId: b }, { type: 'run', runId: a });
    expect(back.deltas.find(({ test }) => test === 'tg128')?.verdict).toBe('worse');
  });

  it('finds no cause and no difference between two equal runs', async () => {
    using world = createBenchWorld({ speedOf: () => ({ tokensPerSecond: 500, noise: 0.01 }) });
    const a = await world.measure({ models: ['river-1b-F16'] });
    const b = await world.measure({ models: ['river-1b-F16'] });
    const diff = await world.reports.diff({ type: 'run', runId: a }, { type: 'run', runId: b });
    expect(diff.changes).toEqual([]);
    expect(diff.deltas.find(({ test }) => test === 'tg128')?.verdict).toBe('not-distinguishable');
    expect(diff.unmatched).toEqual([]);
  });

  it('calls a lower latency better', async () => {
    let tpot = 10;
    using world = createBenchWorld({
      speedOf: quiet(500),
      pace: () => ({ ttftMs: 20, gapMs: tpot }),
    });
    const a = await world.measure({ models: ['river-1b-F16'] });
    tpot = 5;
    const b = await world.measure({ models: ['river-1b-F16'] });
    const { deltas } = await world.reports.diff({ type: 'run', runId: a }, { type: 'run', runId: b });
    expect(deltas.find(({ test, metric }) => test === 'single-stream' && metric === 'TPOT')).toMatchObject({
      ratio: 0.5,
      verdict: 'better',
    });
  });

  it('judges nothing under another workload, and says so', async () => {
    using world = createBenchWorld({ speedOf: quiet(500) });
    const a = await world.measure({ models: ['river-1b-F16'], seed: 1 });
    const b = await world.measure({ models: ['river-1b-F16'], seed: 2 });
    const { changes, deltas } = await world.reports.diff(
      { type: 'run', runId: a },
      { type: 'run', runId: b },
    );
    expect(changes).toMatchObject([{ group: 'workload', name: 'Seed', a: '1', b: '2' }]);
    expect(new Set(deltas.map(({ verdict, reason }) => `${String(verdict)} ${reason ?? ''}`))).toEqual(
      new Set(['null another workload']),
    );
  });

  it('takes report files of another machine, and warns of a changed one', async () => {
    using world = createBenchWorld({ speedOf: quiet(500) });
    const runId = await world.measure({ models: ['river-1b-F16'] });
    const { text } = await world.report(runId, 'html');
    const other = await world.report(runId, 'json');
    const diff = await world.reports.diff({ type: 'run', runId }, file('other.html', text));
    expect(diff.changes).toEqual([]);
    const forged = other.text.replace('AMD Ryzen 9 7950X', 'AMD Ryzen 9 9950X');
    const warned = await world.reports.diff({ type: 'run', runId }, file('forged.json', forged));
    expect(warned.changes).toMatchObject([{ group: 'machine', name: 'Processor' }]);
    expect(warned.remarks).toEqual([
      'B: forged.json was changed after it was written: its figures cannot be trusted.',
      'No noise floor is known for these machines, so a difference counts once the test finds it: "dyno calibrate" measures one.',
    ]);
  });

  it('compares causes of a measured and an imported run, tells silence from change, and gives no verdict', async () => {
    using world = createBenchWorld({ speedOf: quiet(500) });
    const runId = await world.measure({ models: ['river-1b-F16'], preset: 'community' });
    const text = importFixture('llama-bench.json').replaceAll('"n_prompt": 64', '"n_prompt": 512');
    const { id } = await world.reports.import(file('llama-bench.json', text), undefined);
    const diff = await world.reports.diff({ type: 'run', runId }, { type: 'run', runId: id });
    expect(diff.changes.every(({ a, b }) => a !== null && b !== null)).toBe(true);
    expect(diff.changes.map(({ name }) => name)).toContain('llama.cpp');
    expect(diff.remarks.some((remark) => remark.startsWith('B does not say: '))).toBe(true);
    expect(diff.deltas.map(({ test, verdict }) => [test, verdict])).toEqual([['pp512', null]]);
  });

  it('judges two imported runs of the same work by their repetitions', async () => {
    using world = createBenchWorld();
    const text = importFixture('llama-bench.json');
    const faster = JSON.stringify(
      (JSON.parse(text) as { samples_ts: number[] }[]).map((line) => ({
        ...line,
        samples_ts: line.samples_ts.map((speed, index) => 1000 + speed * 4 + index),
      })),
    );
    const a = await world.reports.import(file('a.json', text), undefined);
    const b = await world.reports.import(file('b.json', faster), undefined);
    const { deltas } = await world.reports.diff({ type: 'run', runId: a.id }, { type: 'run', runId: b.id });
    expect(deltas.find(({ test }) => test === 'tg16@d32')?.verdict).toBe('better');
  });
});
