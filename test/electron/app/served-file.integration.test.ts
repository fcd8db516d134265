import { createRouterClient } from '@orpc/server';
import { hash } from 'node:crypto';
import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { makeHome, openApp } from '../../support/open-app.ts';
import { demoModelPath } from '../../support/real-pool.ts';

it('writes into each row the hash of the file that answered, also of one that changed in all but size and time', async () => {
  await using home = await makeHome();
  await using host = await openApp(home.path);
  const client = createRouterClient(host.app.router, { context: { actor: hostActor } });
  const path = join(home.path, 'mine.gguf');
  const first = await readFile(demoModelPath);
  const second = Uint8Array.from(first, (byte, at) => (at === first.length - 2 ? byte ^ 1 : byte)); // the last weight
  await writeFile(path, first);
  const { mtime } = await stat(path);

  const { apiKey } = await client.server.apiKey({});
  const askOnce = async () => {
    const status = await client.server.start({ model: path, port: 0 });
    if (status.type !== 'on') throw new TypeError(`The server is ${status.type}.`);
    const reply = await fetch(`${status.url}/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'Hi', max_tokens: 2 }),
    });
    await reply.text();
    const rows = await client.usage.rows();
    await client.server.stop();
    return { status: reply.status, replicaId: status.replicaId, rows };
  };
  const before = await askOnce();
  await writeFile(path, second);
  await utimes(path, mtime, mtime);
  const after = await askOnce();

  expect([before.status, after.status]).toEqual([200, 200]);
  expect(after.rows.map(({ modelSha256, replicaId }) => [modelSha256, replicaId])).toEqual([
    [hash('sha256', first), before.replicaId],
    [hash('sha256', second), after.replicaId],
  ]);
  expect(before.rows).toEqual(after.rows.slice(0, 1));
});
