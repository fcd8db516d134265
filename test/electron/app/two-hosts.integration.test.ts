import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { expect, it } from 'vitest';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { writeWideModel } from '../../support/gguf-fixtures.ts';
import { makeHome, openApp, type OpenedApp } from '../../support/open-app.ts';
import { createSmallMachine } from '../../support/small-machine.ts';

const mib = 2 ** 20;

it.skipIf(process.platform !== 'linux')(
  'two hosts of one data folder that load at the same instant do not count on the same memory',
  async () => {
    await using home = await makeHome();
    const model = await writeWideModel(join(home.path, 'wide.gguf'));
    const hosts: OpenedApp[] = [];
    const enginePids = (): readonly number[] =>
      hosts.flatMap((host) => host.started('engine').flatMap(({ pid }) => pid ?? []));
    const machine = createSmallMachine(1250 * mib, enginePids);
    await using scope = new AsyncDisposableStack();
    // process ids that no process has: those of two hosts differ
    for (const pid of [2_000_000_001, 2_000_000_002])
      hosts.push(scope.use(await openApp(home.path, { machine, pid })));
    const clients = hosts.map(({ app }) => createRouterClient(app.router, { context: { actor: hostActor } }));

    // 512 MiB of cache: either fits, both do not
    const settings = { contextSize: 2048, slots: 4, gpuLayers: 0, threads: 1, useMmap: false };
    const starts = await Promise.allSettled(
      clients.map((client) => client.server.start({ model, port: 0, settings })),
    );
    expect(starts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(starts.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        code: 'engine.out-of-memory',
        data: { hint: expect.stringMatching(/^Needs .+ GiB free: /) as string },
      },
    });

    const winner = clients[starts.findIndex(({ status }) => status === 'fulfilled')];
    const events = await winner?.server.playground({
      messages: [{ role: 'user', content: 'Hi' }],
      maxTokens: 2,
    });
    const told = await Array.fromAsync(events ?? []);
    expect(told.at(-1)).toMatchObject({ type: 'done', finishReason: 'length' });
  },
);
