import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dyno, startDyno, type DynoProcess } from '../../support/dyno-process.ts';
import { makeHome } from '../../support/open-app.ts';

const scope = new AsyncDisposableStack();
let home = '';
beforeAll(async () => {
  home = scope.use(await makeHome()).path;
});
afterAll(() => scope.disposeAsync());

const notePath = (): string => join(home, 'host.json');
const noteText = (): Promise<string | undefined> => readFile(notePath(), 'utf8').catch(() => undefined);

const startBrowserMode = async (): Promise<DynoProcess> => {
  const host = startDyno(home, ['app', '--browser', '--port', '0', '--no-open', '--json']);
  await host.firstLine();
  return host;
};

/** Every host writes one line when it starts; a command that joined another has none. */
const hostsStarted = async (): Promise<number> =>
  (await readFile(join(home, 'dyno.log'), 'utf8')).split('"host started"').length - 1;

it('joins the host that runs, and says so when that one ends under it', async () => {
  await using host = await startBrowserMode();
  expect((await stat(notePath())).mode & 0o077).toBe(0); // the token is for its owner only
  const before = await hostsStarted();
  const [list, refused] = await Promise.all([
    dyno(home, ['models', 'list', '--json']),
    dyno(home, ['runs', 'show', 'run_x']),
  ]);
  await using watching = startDyno(home, ['hardware', '--watch', '--json']);
  await watching.firstLine();

  expect([list.code, list.stdout.includes('dyno-demo-4m-f16'), await hostsStarted()]).toEqual([
    0,
    true,
    before,
  ]);
  expect([refused.code, refused.stderr.includes('bench.run-not-found')]).toEqual([66, true]);

  host.kill('SIGKILL');
  const left = await watching.ended;
  expect([left.code, left.stderr.includes('has ended')]).toEqual([69, true]);
});

it('passes over the note of a host that is gone', async () => {
  const killed = await noteText(); // the host of the test before had no time to remove it
  expect(killed).toBeDefined();
  const before = await hostsStarted();
  const gone = await dyno(home, ['jobs', 'list', '--json']);
  // its process id may meanwhile be another program's: then nobody answers on the port
  await writeFile(notePath(), JSON.stringify({ pid: process.pid, port: 1, token: 'x' }));
  const reused = await dyno(home, ['jobs', 'list', '--json']);
  await writeFile(notePath(), '{"pid":');
  const torn = await dyno(home, ['jobs', 'list', '--json']);

  expect([gone, reused, torn].map(({ code, stdout }) => [code, stdout])).toEqual([
    [0, '[]\n'],
    [0, '[]\n'],
    [0, '[]\n'],
  ]);
  expect(await hostsStarted()).toBe(before + 3);
});

it('takes its own note away at the end, and not that of a host that came later', async () => {
  await using first = await startBrowserMode();
  await using second = await startBrowserMode();
  const notes = await noteText();
  first.kill('SIGTERM');
  expect((await first.ended).code).toBe(0);
  expect(await noteText()).toBe(notes);
  second.kill('SIGINT');
  expect((await second.ended).code).toBe(0);

  expect(await noteText()).toBeUndefined();
});
