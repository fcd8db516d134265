import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadRunSchema } from '../../../shared/contract/load.ts';
import { dyno } from '../../support/dyno-process.ts';
import { jsonOf } from '../../support/json-of.ts';
import { startScriptedServer, streamAnswer } from '../../support/scripted-server.ts';
import { makeHome } from '../../support/open-app.ts';

const scope = new AsyncDisposableStack();
let home = '';
beforeAll(async () => {
  home = scope.use(await makeHome()).path;
});
afterAll(() => scope.disposeAsync());

const errorSchema = z.object({ error: z.object({ code: z.string(), hint: z.string() }) });

describe('dyno load and bench', () => {
  it('measures the bundled model behind Dyno’s own server, with exact prompts, and shows it again', async () => {
    const shape = [
      '--shape',
      'step-sweep',
      '-p',
      'steps=1,2',
      '-p',
      'stepSeconds=0.2',
      '-p',
      'outputTokens=8',
    ];
    const made = await dyno(home, ['load', ...shape, '--slo', 'ttft=60000', '--json']);
    const run = jsonOf(loadRunSchema, made);
    expect(run).toMatchObject({
      state: { type: 'done' },
      target: { type: 'model', model: 'dyno-demo-4m-f16', promptLengths: 'exact' },
    });
    expect(run.stages.map((stage) => [stage.name, stage.summary?.errors])).toEqual([
      ['1: x1', {}],
      ['2: x2', {}],
    ]);
    // the nearest length below the asked one that the vocabulary allows
    for (const stage of run.stages) expect(128 - (stage.summary?.promptTokens ?? 0)).toBeLessThanOrEqual(2);
    expect(made.stderr).toContain('1: x1: ');
    const report = join(home, 'load.html');
    const shown = await dyno(home, ['load', '--show', run.id, '--report', report]);
    expect(shown.stderr).toContain(`Wrote ${report}`);
    expect(readFileSync(report, 'utf8')).toMatch(
      /^<!doctype html>[^]*dyno-seal:sha256:(?!0{64})[0-9a-f]{64}/,
    );
    expect(shown.stdout).toContain('goodput');
    expect(shown.stdout).toContain(`Repeat: ${run.repeatCommand}`);
  });

  it('measures a file from outside all folders by its path, and by its id from then on', async () => {
    const file = join(home, 'elsewhere.gguf');
    copyFileSync('resources/model/dyno-demo-4m-f16.gguf', file);
    const short = ['--pp', '16', '--repetitions', '1', '--json'];
    const byPath = await dyno(home, ['bench', file, ...short]);
    expect(byPath.code).toBe(0);
    expect((await dyno(home, ['bench', 'elsewhere', ...short])).code).toBe(0);
  });

  it('tells a target that is down in one error with the next step', async () => {
    const { code, stdout, stderr } = await dyno(home, [
      'load',
      '--url',
      'http://127.0.0.1:1',
      '--model',
      'm',
      '--json',
    ]);
    expect(errorSchema.parse(JSON.parse(stdout)).error).toMatchObject({ code: 'bench.target-unreachable' });
    expect([code, stderr]).toEqual([69, expect.stringContaining('http://127.0.0.1:1/v1') as string]);
    expect(stderr).toMatch(/Once that is mended: dyno load --resume load_\w+\n/);
  });

  it('prints a run some of whose requests failed as ever, and ends with a code of its own that says so', async () => {
    let asked = 0;
    await using server = await startScriptedServer((response, body, request) => {
      asked += 1;
      if (asked % 3 === 0) response.writeHead(503).end('busy');
      else streamAnswer(response, body, request);
    });
    const quick = ['-p', 'promptTokens=16', '-p', 'outputTokens=4', '-p', 'requests=6', '-p', 'minimumMs=0'];
    const target = ['--url', server.baseUrl, '--model', 'm', '--dialect', 'openai-chat'];
    const { code, stdout, stderr } = await dyno(home, ['load', ...target, ...quick, '--json']);
    const run = loadRunSchema.parse(JSON.parse(stdout));
    const failed = run.stages[0]?.summary?.errors['bench.target-overloaded'] ?? 0;
    expect([code, run.state.type, failed > 0]).toEqual([3, 'done', true]);
    expect(stderr).toContain(`dyno: ${failed} of 6 requests failed: ${failed} × bench.target-overloaded.`);
    expect(stderr).toContain('(bench.partly-failed)');
  });

  it('refuses a parameter the shape does not have, naming those it has', async () => {
    const { code, stderr } = await dyno(home, ['load', '--shape', 'open-loop', '-p', 'rps=3']);
    expect(code).toBe(64);
    expect(stderr).toContain('open-loop has no parameter “rps”');
    expect(stderr).toContain('ratePerSecond');
  });
});
