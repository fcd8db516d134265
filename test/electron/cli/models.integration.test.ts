import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { modelDetailsSchema, modelSchema } from '../../../shared/contract/models.ts';
import { synthShapeSchema } from '../../../shared/contract/synth.ts';
import { dyno } from '../../support/dyno-process.ts';
import { jsonOf } from '../../support/json-of.ts';
import { makeHome } from '../../support/open-app.ts';

const root = join(import.meta.dirname, '../../..');
const bundled = join(root, 'resources/model/dyno-demo-4m-f16.gguf');

const scope = new AsyncDisposableStack();
let home = '';
beforeAll(async () => {
  home = scope.use(await makeHome()).path;
});
afterAll(() => scope.disposeAsync());

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

describe('dyno models', () => {
  it('makes, lists, inspects and removes a file, by id and by relative path, with progress on stderr only', async () => {
    const made = await dyno(home, ['models', 'quantize', bundled, 'Q4_K_M', 'Q8_0', '--json']);
    expect(jsonOf(z.array(modelSchema), made).map(({ id }) => id)).toEqual([
      'dyno-demo-4m-Q4_K_M',
      'dyno-demo-4m-Q8_0',
    ]);
    expect(made.stderr).toContain('Made ');

    const [list, byPath, hashed] = await Promise.all([
      dyno(home, ['models', 'list', '--json']),
      dyno(home, ['models', 'inspect', 'models/dyno-demo-4m-Q8_0.gguf', '--json']),
      dyno(home, ['models', 'hash', 'dyno-demo-4m-Q8_0', '--json', '--quiet']),
    ]);
    expect(jsonOf(z.array(modelSchema), list).map(({ id, quantization }) => [id, quantization])).toEqual([
      ['dyno-demo-4m-f16', 'F16'],
      ['dyno-demo-4m-Q4_K_M', 'Q4_K_M'],
      ['dyno-demo-4m-Q8_0', 'Q8_0'],
    ]);
    expect(jsonOf(modelDetailsSchema, byPath)).toMatchObject({ id: 'dyno-demo-4m-Q8_0', source: 'dyno' });
    expect([hashed.code, hashed.stderr]).toEqual([0, '']);
    expect(hashed.stdout).toMatch(/"sha256": "[0-9a-f]{64}"/);

    const gone = await dyno(home, ['models', 'remove', 'dyno-demo-4m-Q8_0', '--delete-files', '--json']);
    expect(JSON.parse(gone.stdout)).toEqual({
      removed: 'dyno-demo-4m-Q8_0',
      deletedFiles: [join(home, 'models/dyno-demo-4m-Q8_0.gguf')],
    });
  });

  it('takes a path wherever it takes an id, and leaves a foreign file alone', async () => {
    await copyFile(bundled, join(home, 'mine.gguf'));
    const [fit, imported] = await Promise.all([
      dyno(home, ['models', 'fit', './mine.gguf', '--context', '512', '--slots', '2', '--json']),
      dyno(home, ['models', 'import', 'mine.gguf', '--json']),
    ]);
    expect(JSON.parse(fit.stdout)).toMatchObject({ contextSize: 512, slots: 2, fits: true });
    expect(jsonOf(modelSchema, imported)).toMatchObject({ id: 'mine', path: join(home, 'mine.gguf') });

    const refused = await dyno(home, ['models', 'remove', 'mine', '--delete-files', '--json']);
    expect([refused.code, jsonOf(errorSchema, refused).error.code]).toEqual([77, 'files.not-allowed']);
  });
});

it('tells of a file that is no model only what is known, and ends with the exit code of its problem', async () => {
  await writeFile(join(home, 'notes.gguf'), 'no model at all');
  const [said, json] = await Promise.all([
    dyno(home, ['models', 'inspect', 'notes.gguf']),
    dyno(home, ['models', 'inspect', 'notes.gguf', '--json']),
  ]);

  expect(said.stdout.split('\n').map((line) => line.split('  ')[0])).toEqual(['Path', 'Size', 'Problem', '']);
  expect(jsonOf(modelDetailsSchema, json).problem?.code).toBe('models.not-gguf');
  expect([said.code, json.code]).toEqual([65, 65]);
});

describe('a command that cannot do what it is asked', () => {
  it.each([
    ['an unknown model', ['models', 'inspect', 'no-such-model'], 66, 'models.not-found'],
    ['an unknown run', ['runs', 'show', 'run_x'], 66, 'bench.run-not-found'],
    ['an unknown job', ['jobs', 'cancel', 'job_x'], 66, 'app.not-found'],
    ['a wrong flag', ['models', 'list', '--wrong'], 64, 'app.bad-input'],
    ['a wrong number', ['bench', '--repetitions', 'many'], 64, 'app.bad-input'],
    ['a wrong engine setting', ['models', 'fit', 'x', '--kv-type', 'Q9'], 64, 'app.bad-input'],
    ['a wrong value of a setting', ['settings', 'set', 'theme', 'purple'], 64, 'app.bad-input'],
    ['a setting that is none', ['settings', 'set', 'toString', '1'], 64, 'app.bad-input'],
    ['a report into no folder', ['bench', '--report', 'none/x.html'], 66, 'files.not-found'],
    ['a wrong report name', ['bench', '--report', 'x.doc'], 64, 'app.bad-input'],
    ['an import format that is none', ['report', 'import', 'x', '--format', 'nope'], 64, 'app.bad-input'],
    ['an address that is none', ['load', '--url', 'notaurl'], 64, 'app.bad-input'],
    ['a model that is no model', ['models', 'import', 'dyno.log'], 65, 'models.not-gguf'],
    [
      'two types for one file',
      ['models', 'quantize', 'x', 'Q8_0', 'Q2_K', '--out', 'y'],
      64,
      'app.bad-input',
    ],
  ] as const)('tells %s by exit code, JSON and one message', async (_what, args, exit, code) => {
    const { code: exited, stdout, stderr } = await dyno(home, [...args, '--json']);

    expect([exited, jsonOf(errorSchema, { stdout }).error.code]).toEqual([exit, code]);
    expect(stderr).not.toContain('    at '); // no stack for a person
  });

  it('names the place when the data folder cannot be made', async () => {
    const { code, stderr } = await dyno(join(home, 'mine.gguf', 'x'), ['jobs', 'list'], home);

    expect([code, stderr]).toEqual([66, expect.stringContaining('A part of the path is a file')]);
  });
});

it('ends quietly when its reader has seen enough', async () => {
  const child = spawn('sh', ['-c', `"$0" bin/dyno.js models list | true`, process.execPath], {
    cwd: root,
    env: { ...process.env, DYNO_SOURCE: '1', DYNO_HOME: home, HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');

  expect(stderr).toBe('');
});

describe('dyno synth', () => {
  it('says the size first, writes a marked file that the library lists, and lists the shapes', async () => {
    const [shapes, made] = await Promise.all([
      dyno(home, ['synth', '--json']),
      dyno(home, ['synth', bundled, '--type', 'q4_0', '--json']),
    ]);
    expect(jsonOf(z.array(synthShapeSchema), shapes).map(({ id }) => id)).toContain('llama-3.1-8b');
    expect(made.stderr).toMatch(/Writes 0\.0\d+ GiB to .*dyno-demo-4m-f16-Q4_0-synthetic\.gguf/);
    expect(jsonOf(modelSchema, made)).toMatchObject({
      id: 'dyno-demo-4m-f16-Q4_0-synthetic',
      quantization: 'Q4_0 synthetic',
      isSynthetic: true,
      problem: null,
    });
  });
});
