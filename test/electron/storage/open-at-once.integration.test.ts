import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

const entry = new URL('../../support/open-storage-worker.ts', import.meta.url);

/** Opens the same new database from `count` connections in the same moment; gives what each of them answered. */
const openAtOnce = async (path: string, count: number): Promise<readonly unknown[]> => {
  const gate = new SharedArrayBuffer(4);
  const workers = Array.from({ length: count }, () => new Worker(entry, { workerData: { path, gate } }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const answers = workers.map((worker) => once(worker, 'message').then(([answer]: unknown[]) => answer));
  const view = new Int32Array(gate);
  Atomics.store(view, 0, 1);
  Atomics.notify(view, 0);
  return Promise.all(answers);
};

it('several hosts that make the database of a new data folder at once all get it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dyno-open-'));
  for (let round = 0; round < 8; round += 1) {
    expect(await openAtOnce(join(folder, `${round}.db`), 4)).toEqual([0, 0, 0, 0]);
  }
  rmSync(folder, { recursive: true });
});
