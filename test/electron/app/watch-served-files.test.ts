import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { watchServedFiles, type LoadedFile } from '../../../electron/app/watch-served-files.ts';
import { identifyModel } from '../../../electron/models/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Job } from '../../../shared/contract/common.ts';
import { createFakeFacts } from '../../support/fake-engine.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { createScriptedReplica } from '../../support/scripted-replica.ts';

const live = new AbortController().signal;
const large = 65 * 2 ** 20;
const shaOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Files on a disk in memory, whose jobs end when the test says so. */
const openWorld = () => {
  const files = createFakeFiles();
  const log = createFakeLog();
  const told = new Map<string, string>();
  const started: { readonly input: unknown; readonly end: (state: Job['state']) => void }[] = [];
  const ends = new Map<string, Promise<Job>>();
  const cancelled: string[] = [];
  const hashed: string[] = [];
  const jobOf = (id: string, state: Job['state']): Job => ({
    id,
    kind: 'hash',
    title: 'SHA-256',
    startedAtMs: 0,
    endedAtMs: null,
    state,
  });
  const settled = (id: string): Promise<Job> => ends.get(id) ?? Promise.reject(new AppError('app.not-found'));
  const jobs = {
    start: (_kind: Job['kind'], input: unknown) => {
      const id = `job${started.length}`;
      const end = Promise.withResolvers<Job>();
      ends.set(id, end.promise);
      started.push({ input, end: (state) => end.resolve(jobOf(id, state)) });
      return jobOf(id, { type: 'queued' });
    },
    settled,
    cancel: (id: string) => {
      cancelled.push(id);
      started[Number(id.slice(3))]?.end({ type: 'cancelled' });
      return settled(id);
    },
  };
  const library = {
    hash: (path: string, { signal }: { readonly signal: AbortSignal }) => {
      hashed.push(path);
      return files.sha256(path, { signal });
    },
  };
  const ledger = {
    addFile: ({ fileId, sha256 }: { readonly fileId: string; readonly sha256: string }) =>
      void told.set(fileId, sha256),
    fileSha256: (fileId: string) => told.get(fileId),
  };
  /** A model that an engine has loaded as it is now. */
  const load = async (path: string, content: string, sizeBytes = content.length) => {
    files.put(path, content);
    let fileId = await identifyModel(files, path);
    const replica = createScriptedReplica();
    const file: LoadedFile = {
      model: { id: path, path, sizeBytes },
      replica: { onChange: replica.onChange, fileId: () => fileId },
    };
    /** The engine crashed, and loaded what is there by now. */
    const reload = async () => {
      fileId = await identifyModel(files, path);
      replica.setState({ type: 'ready', facts: createFakeFacts() });
    };
    return { file, reload };
  };
  const watchFrom = (starting: AbortSignal, ...loaded: readonly LoadedFile[]) =>
    watchServedFiles({ ports: { files, log }, library, jobs, ledger }, loaded, starting);
  const watch = (...loaded: readonly LoadedFile[]) => watchFrom(live, ...loaded);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { files, log, told, started, cancelled, hashed, load, watch, watchFrom, settle };
};

it('knows the hash of a small file before the server listens', async () => {
  const world = openWorld();
  const { file } = await world.load('/a.gguf', 'small');
  await using _watch = await world.watch(file);
  expect([...world.told.values()]).toEqual([shaOf('small')]);
  expect(world.started).toEqual([]);
});

it('reads large files behind the server, one after the other, each as a job that gives way', async () => {
  const world = openWorld();
  const [one, two] = [await world.load('/1.gguf', 'one', large), await world.load('/2.gguf', 'two', large)];
  await using _watch = await world.watch(one.file, two.file);
  await world.settle();
  expect(world.started.map(({ input }) => input)).toEqual([{ model: '/1.gguf', givesWay: true }]);
  world.started[0]?.end({ type: 'done', resultId: 'aa' });
  await world.settle();
  expect(world.started.map(({ input }) => input)).toContainEqual({ model: '/2.gguf', givesWay: true });
  expect([...world.told.values()]).toEqual(['aa']);
});

it('reads no content again whose hash the ledger knows', async () => {
  const world = openWorld();
  const [small, big] = [await world.load('/a.gguf', 'small'), await world.load('/b.gguf', 'big', large)];
  for (const { file } of [small, big]) world.told.set(file.replica.fileId() ?? '', 'known');
  await using _watch = await world.watch(small.file, big.file);
  await world.settle();
  expect([world.hashed, world.started]).toEqual([[], []]);
});

it('hashes the file anew that an engine found after a crash', async () => {
  const world = openWorld();
  const { file, reload } = await world.load('/a.gguf', 'before');
  await using _watch = await world.watch(file);
  world.files.put('/a.gguf', 'after');
  await reload();
  await world.settle();
  expect([...world.told.values()]).toEqual([shaOf('before'), shaOf('after')]);
});

it('gives no content the hash of what was written in its place, and says so', async () => {
  const world = openWorld();
  const { file } = await world.load('/a.gguf', 'loaded');
  world.files.put('/a.gguf', 'written since');
  await using _watch = await world.watch(file);
  await world.settle();
  expect(world.told.size).toBe(0);
  expect(world.log.lines).toMatchObject([
    { level: 'warn', fields: { modelId: '/a.gguf', error: { code: 'models.changed' } } },
  ]);
});

it('serves on where a file cannot be read, says why, and tries again at the next load', async () => {
  const world = openWorld();
  const { file, reload } = await world.load('/a.gguf', 'loaded');
  world.files.fail('/a.gguf', 'read', new AppError('files.not-allowed'));
  await using _watch = await world.watch(file);
  expect(world.log.lines).toMatchObject([
    { level: 'warn', fields: { error: { code: 'files.not-allowed' } } },
  ]);
  world.files.fail('/a.gguf', 'read', undefined);
  await reload();
  await world.settle();
  expect([...world.told.values()]).toEqual([shaOf('loaded')]);
});

it('tells why a job failed, or that it was cancelled', async () => {
  const world = openWorld();
  const [one, two] = [await world.load('/1.gguf', 'one', large), await world.load('/2.gguf', 'two', large)];
  await using _watch = await world.watch(one.file, two.file);
  await world.settle();
  world.started[0]?.end({ type: 'failed', error: { code: 'files.not-allowed', message: 'No.' } });
  await world.settle();
  world.started[1]?.end({ type: 'cancelled' });
  await world.settle();
  expect(world.log.lines.map(({ fields }) => fields)).toMatchObject([
    { modelId: '/1.gguf', error: { code: 'files.not-allowed' } },
    { modelId: '/2.gguf', error: { code: 'app.cancelled' } },
  ]);
});

it('waits no longer, and says nothing, where the start of the server is cancelled', async () => {
  const world = openWorld();
  const { file } = await world.load('/a.gguf', 'small');
  await using _watch = await world.watchFrom(AbortSignal.abort(), file);
  expect([world.told.size, world.log.lines]).toEqual([0, []]);
});

it('cancels what is read when the server stops, and begins no other', async () => {
  const world = openWorld();
  const [one, two] = [await world.load('/1.gguf', 'one', large), await world.load('/2.gguf', 'two', large)];
  const watch = await world.watch(one.file, two.file);
  await world.settle();
  await watch[Symbol.asyncDispose]();
  expect([world.cancelled, world.started.length, world.told.size]).toEqual([['job0'], 1, 0]);
  expect(world.log.lines).toEqual([]);
});
