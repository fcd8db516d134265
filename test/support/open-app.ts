import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '../../electron/app/create-app.ts';
import { createNodePorts } from '../../electron/platform/node/create-ports.ts';
import { sourceEntries } from '../../electron/platform/node/worker-entries.ts';
import type { HostFacts, Processes, WorkerHandle, WorkerKind } from '../../electron/platform/ports.ts';
import { createFakeLog } from './fake-log.ts';

const root = join(import.meta.dirname, '../..');

/** The real host of a data folder, with the children it started in view. */
export interface OpenedApp extends AsyncDisposable {
  readonly app: App;
  /** Every child of the kind so far, oldest first. */
  started(kind: WorkerKind): readonly WorkerHandle[];
  /** What it logged, at every level. */
  readonly log: ReturnType<typeof createFakeLog>;
}

/** A temporary data folder that goes with its scope. */
export const makeHome = async (): Promise<AsyncDisposable & { readonly path: string }> => {
  const path = await mkdtemp(join(tmpdir(), 'dyno-home-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
};

interface OpenOptions {
  /** Facts of the machine that are to be others than they are. */
  readonly machine?: Partial<HostFacts>;
  /** Of a host that is to be another one than this process, as those of two windows are. */
  readonly pid?: number;
}

/** Opens the real host over real ports, on a home without models of other tools. */
export const openApp = async (home: string, { machine, pid }: OpenOptions = {}): Promise<OpenedApp> => {
  const children: { readonly kind: WorkerKind; readonly handle: WorkerHandle }[] = [];
  const log = createFakeLog();
  const ports = createNodePorts({
    resources: join(root, 'resources'),
    folders: { data: home, models: join(home, 'models'), resources: join(root, 'resources') },
    log,
    entryOf: sourceEntries(root),
  });
  const processes: Processes = {
    ...ports.processes,
    spawnWorker: (kind, options) => {
      const handle = ports.processes.spawnWorker(kind, options);
      children.push({ kind, handle });
      return handle;
    },
  };
  const host = { ...ports.host, homeFolder: home, env: {}, ...machine };
  const app = await createApp(
    { ...ports, processes, host },
    { mode: 'cli', pid: pid ?? process.pid, isAlive: () => pid !== undefined },
  );
  return {
    app,
    log,
    started: (wanted) => children.filter(({ kind }) => kind === wanted).map(({ handle }) => handle),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
};
