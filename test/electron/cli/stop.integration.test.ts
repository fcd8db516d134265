import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { benchRunSchema, runSummarySchema } from '../../../shared/contract/bench.ts';
import { jobSchema } from '../../../shared/contract/common.ts';
import { dyno, hasProcesses, startDyno } from '../../support/dyno-process.ts';
import { eventually } from '../../support/eventually.ts';
import { jsonOf } from '../../support/json-of.ts';
import { createModelServer } from '../../support/model-server.ts';
import { makeHome } from '../../support/open-app.ts';

const bundled = join(import.meta.dirname, '../../../resources/model/dyno-demo-4m-f16.gguf');

const scope = new AsyncDisposableStack();
let home = '';
beforeAll(async () => {
  home = scope.use(await makeHome()).path;
});
afterAll(() => scope.disposeAsync());

const doneCells = (run: z.infer<typeof benchRunSchema>) => run.cells.filter(({ state }) => state === 'done');

it('keeps what a bench has measured at Ctrl-C, leaves no process behind, and resumes the rest', async () => {
  await using bench = startDyno(home, ['bench', '--repetitions', '1', '--json']);
  await bench.saysOnStderr('pp512 of dyno-demo-4m-f16: Prefill'); // the first cell is measured
  // a terminal signals the whole group, npx hands its own signal on once more: still one wish
  bench.killGroup('SIGINT');
  bench.kill('SIGINT');
  const stopped = await bench.ended;

  expect([stopped.code, stopped.signal]).toEqual([130, null]);
  expect(stopped.stderr).toContain('Stopping…');
  expect(hasProcesses(bench)).toBe(false);

  const [summary] = jsonOf(z.array(runSummarySchema), await dyno(home, ['runs', 'list', '--json']));
  const before = jsonOf(benchRunSchema, await dyno(home, ['runs', 'show', summary?.id ?? '', '--json']));
  expect(before.state.type).toBe('cancelled');
  const hint = `Go on with dyno runs resume ${before.id}.`;
  expect(JSON.parse(stopped.stdout)).toMatchObject({ error: { code: 'app.cancelled', hint } });
  expect(stopped.stderr).toContain(hint);
  expect(doneCells(before).length).toBeGreaterThan(0);

  const resumed = await dyno(home, ['runs', 'resume', before.id, '--json', '--quiet']);
  const after = jsonOf(z.object({ run: benchRunSchema }), resumed).run;
  expect([resumed.code, resumed.stderr]).toEqual([0, '']);
  expect(after.cells.map(({ state }) => state)).toEqual(after.cells.map(() => 'done'));
  const kept = new Set(doneCells(before).map(({ id }) => id));
  expect(doneCells(after).filter(({ id }) => kept.has(id))).toEqual(doneCells(before));
});

it('calls a download interrupted whose process was killed, pauses one at Ctrl-C, and finishes it', async () => {
  const file = await readFile(bundled);
  await using server = await createModelServer(file);
  const half = file.length >> 1;
  const pull = () => startDyno(home, ['models', 'pull', `${server.origin}/pulled.gguf`, '--json']);
  const states = async () =>
    jsonOf(z.array(jobSchema), await dyno(home, ['jobs', 'list', '--json'])).filter(
      ({ kind }) => kind === 'download',
    );

  server.plan({ type: 'stall', afterBytes: half });
  await using killed = pull();
  await server.sent(half);
  killed.kill('SIGKILL');
  await killed.ended;
  const [job] = await states();
  expect(job?.state.type).toBe('interrupted');

  server.plan({ type: 'stall', afterBytes: 64 });
  const answered = server.requests.length;
  await using paused = startDyno(home, ['jobs', 'resume', job?.id ?? '']);
  await eventually(() => server.requests.length > answered);
  paused.kill('SIGINT');
  const exit = await paused.ended;
  expect([exit.code, exit.stderr.includes('paused')]).toEqual([130, true]);
  expect(exit.stderr).toContain(`Go on with dyno jobs resume ${job?.id ?? ''}.`);
  expect((await states())[0]?.state.type).toBe('paused');

  const finished = await dyno(home, ['jobs', 'resume', job?.id ?? '', '--json']);
  expect(JSON.parse(finished.stdout)).toMatchObject({ resultId: join(home, 'models/pulled.gguf') });
  expect(await readFile(join(home, 'models/pulled.gguf'))).toEqual(file);
  expect((await states())[0]?.state.type).toBe('done');
});
