import { fileURLToPath } from 'node:url';
import { createLoadRuns, type LoadRuns } from '../../electron/bench/index.ts';
import { createNodeClock } from '../../electron/platform/node/clock.ts';
import { createNodeFiles } from '../../electron/platform/node/files.ts';
import { createNodeHttp } from '../../electron/platform/node/http.ts';
import { createNodeProcesses } from '../../electron/platform/node/processes.ts';
import { createNodeRandom } from '../../electron/platform/node/random.ts';
import { sourceEntries } from '../../electron/platform/node/worker-entries.ts';
import { openStorage, type Storage } from '../../electron/storage/index.ts';
import type { LoadRun, LoadStartInput } from '../../shared/contract/load.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { EventBody } from '../../shared/events/events.ts';
import { benchInventory } from './bench-world.ts';
import { createFakeLog } from './fake-log.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const refuse = () => Promise.reject(new AppError('app.internal', 'no model is loaded here'));

export interface LoadWorld extends AsyncDisposable {
  readonly loads: LoadRuns;
  readonly storage: Storage;
  readonly events: readonly EventBody[];
  /** Starts a run and measures it; the run as it is then, also where it failed. */
  measure(
    input: LoadStartInput,
    options?: { readonly onEvent?: (body: EventBody) => void; readonly signal?: AbortSignal },
  ): Promise<LoadRun>;
}

/** Load runs with a real driver process, real HTTP and a real database, against servers a test scripts. */
export const openLoadWorld = (): LoadWorld => {
  const storage = openStorage(':memory:');
  const processes = createNodeProcesses(sourceEntries(root));
  // one driver for all runs: starting a process each time is what would take the time
  const driver = processes.spawnWorker('driver');
  const events: EventBody[] = [];
  const listeners = new Set<(body: EventBody) => void>();
  const loads = createLoadRuns({
    clock: createNodeClock(),
    random: createNodeRandom(),
    log: createFakeLog(),
    files: createNodeFiles(),
    http: createNodeHttp(),
    processes: {
      ...processes,
      spawnWorker: () => ({ ...driver, stop: () => Promise.resolve({ code: 0, signal: null }) }),
    },
    folders: { resources: `${root}resources` },
    engines: { acquire: refuse },
    resolveModel: refuse,
    openTarget: refuse,
    idleProbe: refuse,
    inventory: () => Promise.resolve(benchInventory),
    publish: (body) => {
      events.push(body);
      for (const listen of listeners) listen(body);
    },
    version: '0.1.0',
    loads: storage.loads,
  });
  return {
    loads,
    storage,
    events,
    measure: async (input, { onEvent = () => undefined, signal = new AbortController().signal } = {}) => {
      listeners.add(onEvent);
      const { loadId } = await loads.start(input);
      await loads.execute(loadId, { signal, onProgress: () => undefined }).catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error; // the run tells what it failed with
      });
      listeners.delete(onEvent);
      return loads.get(loadId);
    },
    [Symbol.asyncDispose]: async () => {
      await driver.stop(500);
      storage[Symbol.dispose]();
    },
  };
};
