import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { openDatabase } from '../../../electron/storage/database.ts';
import type { BenchRun } from '../../../shared/contract/bench.ts';
import type { HostWork } from '../../support/doomed-host.ts';
import { killHost } from '../../support/kill-host.ts';
import { makeHome, openApp } from '../../support/open-app.ts';
import { startScriptedServer, streamAnswer } from '../../support/scripted-server.ts';

const windowCount = 60;
const scope = new AsyncDisposableStack();

const modelFiles = (home: string) => readdir(join(home, 'models'));
const storedWindows = (home: string): number => {
  using database = openDatabase(join(home, 'dyno.db'));
  return database.all('SELECT position FROM quality_pieces').length;
};

/** Three hosts of one data folder, each killed with `kill -9` in the middle of its work. */
const killThree = async () => {
  const home = scope.use(await makeHome()).path;
  const server = scope.use(await startScriptedServer(streamAnswer));
  const shootout: HostWork['bench'] = {
    models: ['dyno-demo-4m-f16'],
    engineTests: [{ kind: 'prefill', tokens: 8 }],
    repetitions: 1,
    make: ['Q8_0'],
    judge: { text: 'bundled', tasks: 'none', maxWindows: 2 },
  };
  await killHost(home, { bench: shootout }, ({ type }) => type === 'bench.cell-finished');
  const files = await modelFiles(home);

  const parameters = { promptTokens: 8, outputTokens: 2, by: 'users', steps: [1, 2], stepSeconds: 0.2 };
  const target = { type: 'url', url: server.baseUrl, model: 'm' } as const;
  await killHost(
    home,
    { load: { target, shape: 'step-sweep', parameters } },
    (body) => body.type === 'load.stage-changed' && body.stage.index === 1,
  );

  const quality = {
    base: 'dyno-demo-4m-f16',
    candidates: ['dyno-demo-4m-Q8_0'],
    tasks: 'none',
    contextSize: 128,
    maxWindows: windowCount,
  };
  let told = 0;
  await killHost(
    home,
    { quality, synth: { source: 'qwen2.5-0.5b', type: 'Q4_0', layers: 1 } },
    async (body) => {
      if (body.type === 'job.changed' && body.job.kind === 'quality' && body.job.state.type === 'running') {
        told = Math.round((body.job.state.fraction ?? 0) * windowCount);
      }
      return told > 0 && (await modelFiles(home)).some((name) => name.includes('.synthesizing-'));
    },
  );
  return { home, files, told, kept: storedWindows(home) };
};

/** The next host of the folder. */
const reopen = async (home: string) => {
  const { app } = scope.use(await openApp(home));
  const client = createRouterClient(app.router, { context: { actor: hostActor } });
  /** Goes on with the job that was interrupted, and resolves with the fractions it told once it is done. */
  const finish = async (kind: string): Promise<readonly number[]> => {
    const job = (await client.jobs.list()).find((one) => one.kind === kind);
    expect(job?.state.type).toBe('interrupted');
    const { seq } = await client.app.lastSeq();
    await client.jobs.resume({ jobId: job?.id ?? '' });
    const fractions: number[] = [];
    for await (const { body } of await client.app.watch({ afterSeq: seq })) {
      if (body.type !== 'job.changed' || body.job.id !== job?.id) continue;
      const { state } = body.job;
      if (state.type === 'running' && state.fraction !== null) fractions.push(state.fraction);
      if (state.type === 'done') return fractions;
      if (state.type === 'failed') throw new TypeError(state.error.message);
    }
    throw new TypeError('The host ended before the job did.');
  };
  return { client, finish };
};

let killed: Awaited<ReturnType<typeof killThree>>;
let host: Awaited<ReturnType<typeof reopen>>;
beforeAll(async () => {
  killed = await killThree();
  host = await reopen(killed.home);
});
afterAll(() => scope.disposeAsync());

const doneCells = ({ cells }: BenchRun) => cells.filter(({ state }) => state === 'done');

it('a killed judgement keeps its windows, and a synthesis beside it leaves no half model', async () => {
  const synthetic = async () => (await host.client.models.list()).filter(({ isSynthetic }) => isSynthetic);
  expect(await synthetic()).toEqual([]);
  expect(await host.client.quality.list()).toEqual([]);
  expect(killed.kept).toBeGreaterThanOrEqual(killed.told);

  const [fractions] = await Promise.all([host.finish('quality'), host.finish('synth')]);
  expect(Math.min(...fractions)).toBeGreaterThanOrEqual(killed.kept / windowCount); // none is read again
  expect((await host.client.quality.list()).map(({ text }) => text.protocol.windowCount)).toEqual([
    windowCount,
  ]);
  expect(await synthetic()).toMatchObject([{ problem: null }]);
});

it('a killed load run keeps its finished stages and sends the rest', async () => {
  const { load } = host.client;
  const [before] = await load.list();
  const loadId = before?.id ?? '';
  expect(before?.state.type).toBe('interrupted');
  expect(before?.stages.map(({ state }) => state)).toEqual(['done', 'running']);
  const samples = await load.samples({ loadId, stage: 0 });

  await host.finish('load');
  const after = await load.get({ loadId });
  expect([after.state.type, ...after.stages.map(({ state }) => state)]).toEqual(['done', 'done', 'done']);
  expect(after.stages[0]).toEqual(before?.stages[0]);
  expect(await load.samples({ loadId, stage: 0 })).toEqual(samples);
  // none of the killed attempt is counted
  expect(await load.samples({ loadId, stage: 1 })).toHaveLength(after.stages[1]?.summary?.attempted ?? 0);
});

it('a killed shoot-out keeps the file it made and the cells it measured, and does the rest', async () => {
  const { bench } = host.client;
  const [{ id: runId } = { id: '' }] = await bench.list();
  const before = await bench.get({ runId });
  expect([before.state.type, before.makes[0]?.state.type]).toEqual(['interrupted', 'made']);
  expect(doneCells(before).length).toBeGreaterThan(0);

  await host.finish('bench');
  const after = await bench.get({ runId });
  const kept = new Set(doneCells(before).map(({ id }) => id));
  expect(doneCells(after).filter(({ id }) => kept.has(id))).toEqual(doneCells(before));
  expect(doneCells(after)).toHaveLength(2);
  expect(after.judges.map(({ state }) => state.type)).toEqual(['judged', 'judged']);
  expect(await modelFiles(killed.home)).toEqual(expect.arrayContaining(killed.files));
  expect((await modelFiles(killed.home)).filter((name) => name.includes('Q8_0'))).toHaveLength(1);
});
