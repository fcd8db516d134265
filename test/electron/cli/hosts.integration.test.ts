import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { dyno, startDyno } from '../../support/dyno-process.ts';
import { makeHome } from '../../support/open-app.ts';

const scope = new AsyncDisposableStack();
let home = '';
beforeAll(async () => {
  home = scope.use(await makeHome()).path;
});
afterAll(() => scope.disposeAsync());

const addressSchema = z.object({ url: z.string(), apiKey: z.string() });
const requestsSchema = z.array(z.object({ id: z.string(), hostPid: z.number(), phase: z.string() }));

const ownedSchema = z.array(z.object({ hostPid: z.number().nullable() }));
const serversSchema = z.array(z.object({ hostPid: z.number(), type: z.literal('on'), url: z.string() }));

const notes = (): Promise<string[]> => readdir(join(home, 'serving'));
const serve = async () => {
  const host = startDyno(home, ['serve', '--port', '0', '--json']);
  return { host, ...addressSchema.parse(JSON.parse(await host.firstLine())) };
};

it('reaches every dyno serve of the data folder by a note of its owner alone, and forgets a killed one', async () => {
  // a limit for the hosts to count by
  expect((await dyno(home, ['tenants', 'limit', 'server', '--concurrency', '8'])).code).toBe(0);
  const first = await serve();
  await using _first = first.host;
  const second = await serve();
  await using _second = second.host;
  const pids = [first.host.pid, second.host.pid];
  const modes = await Promise.all(
    (await notes()).map(async (name) => (await stat(join(home, 'serving', name))).mode & 0o077),
  );
  expect(modes).toEqual([0, 0]);

  const [ambiguous, on] = await Promise.all([
    dyno(home, ['requests', 'record', 'on']),
    dyno(home, ['requests', 'record', 'on', '--pid', String(first.host.pid), '--json']),
  ]);
  expect([ambiguous.code, pids.every((pid) => ambiguous.stderr.includes(String(pid)))]).toEqual([64, true]);
  expect(JSON.parse(on.stdout)).toMatchObject({ isOn: true });

  const headers = { authorization: `Bearer ${first.apiKey}`, 'content-type': 'application/json' };
  const messages = [{ role: 'user', content: 'Hello' }];
  const body = JSON.stringify({ messages, max_tokens: 4 });
  const reply = await fetch(`${first.url}/chat/completions`, { method: 'POST', headers, body });
  const id = reply.headers.get('x-request-id') ?? '';

  const [listed, engines, status, limits] = await Promise.all([
    dyno(home, ['requests', 'list', '--json']),
    dyno(home, ['engines', 'list', '--json']),
    dyno(home, ['server', 'status', '--json']),
    dyno(home, ['tenants', 'limits', '--json']),
  ]);
  expect(requestsSchema.parse(JSON.parse(listed.stdout))).toEqual([
    { id, hostPid: first.host.pid, phase: 'done' },
  ]);
  for (const { stdout } of [engines, limits]) {
    const owned = ownedSchema.parse(JSON.parse(stdout));
    expect(owned.map(({ hostPid }) => hostPid).toSorted()).toEqual(pids.toSorted());
  }
  const servers = serversSchema.parse(JSON.parse(status.stdout));
  expect(new Map(servers.map(({ hostPid, url }) => [hostPid, url]))).toEqual(
    new Map([first, second].map(({ host, url }) => [host.pid, url])),
  );

  second.host.kill('SIGKILL');
  await second.host.ended;
  const shown = await dyno(home, ['requests', 'show', id]); // of one host now, so nothing need be said
  expect([shown.code, shown.stdout.includes('Hello')]).toEqual([0, true]);
  expect((await dyno(home, ['server', 'status'])).stdout).toBe(`This machine only, at ${first.url}\n`);
  expect(await notes()).toEqual([`${first.host.pid}.json`]);
  first.host.kill('SIGTERM');
  expect((await first.host.ended).code).toBe(0);
  expect(await notes()).toEqual([]);

  const [none, kept] = await Promise.all([
    dyno(home, ['server', 'status']),
    dyno(home, ['tenants', 'limits', '--json']),
  ]);
  expect(none.stdout).toContain('No host of this data folder runs');
  expect(ownedSchema.parse(JSON.parse(kept.stdout))).toEqual([{ hostPid: null }]);
});
