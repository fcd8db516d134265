import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { openStorage } from '../../../electron/storage/index.ts';
import { makeHome } from '../../support/open-app.ts';

const entry = new URL('../../support/start-bench-worker.ts', import.meta.url);

it('of hosts that start a benchmark at the same instant one wins, and the others are told', async () => {
  await using home = await makeHome();
  const path = join(home.path, 'dyno.db');
  openStorage(path)[Symbol.dispose]();
  const gate = new SharedArrayBuffer(4);
  const hosts = Array.from(
    { length: 3 },
    (_, index) => new Worker(entry, { workerData: { path, gate, pid: 1_000_001 + index } }),
  );
  await Promise.all(hosts.map((host) => once(host, 'message')));
  const answers = hosts.map(async (host): Promise<unknown> => (await once(host, 'message'))[0]);
  Atomics.store(new Int32Array(gate), 0, 1);
  Atomics.notify(new Int32Array(gate), 0);
  expect((await Promise.all(answers)).toSorted()).toEqual([
    ...Array.from({ length: 2 }, () => 'bench.busy'),
    'started',
  ]);
  await Promise.all(hosts.map((host) => host.terminate()));
});
