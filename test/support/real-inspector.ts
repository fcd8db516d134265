import { fileURLToPath } from 'node:url';
import { createInspector } from '../../electron/engine/inspector/create-inspector.ts';
import { createNodeClock } from '../../electron/platform/node/clock.ts';
import { createNodeFiles } from '../../electron/platform/node/files.ts';
import { createNodeProcesses } from '../../electron/platform/node/processes.ts';
import { sourceEntries } from '../../electron/platform/node/worker-entries.ts';
import type { Processes, WorkerHandle } from '../../electron/platform/ports.ts';
import { createFakeLog } from './fake-log.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The bundled F16 model. */
export const demoModelPath = fileURLToPath(
  new URL('../../resources/model/dyno-demo-4m-f16.gguf', import.meta.url),
);

/** The inspector with real children, and every child it started. */
export const createRealInspector = () => {
  const children: WorkerHandle[] = [];
  const real = createNodeProcesses(sourceEntries(root));
  const processes: Processes = {
    ...real,
    spawnWorker: (kind, options) => {
      const child = real.spawnWorker(kind, options);
      children.push(child);
      return child;
    },
  };
  const inspector = createInspector({
    processes,
    log: createFakeLog(),
    clock: createNodeClock(),
    files: createNodeFiles(),
  });
  return { inspector, children };
};

/** True while the operating system knows the process. */
export const isAlive = ({ pid }: WorkerHandle): boolean => {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
