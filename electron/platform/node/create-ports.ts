import type { Folders, Logger, Ports, WorkerKind } from '../ports.ts';
import { createNodeClock } from './clock.ts';
import { createNodeFiles } from './files.ts';
import { findFolders } from './folders.ts';
import { createNodeHost } from './host.ts';
import { createNodeHttp } from './http.ts';
import { createNodeProcesses } from './processes.ts';
import { createNodeRandom } from './random.ts';

/** All real ports. The desktop replaces `processes.spawnWorker` by Electron's utility processes. */
export const createNodePorts = (options: {
  readonly resources: string;
  readonly entryOf: (kind: WorkerKind) => string;
  readonly log: Logger;
  readonly folders?: Folders;
}): Ports => {
  const host = createNodeHost();
  return {
    clock: createNodeClock(),
    random: createNodeRandom(),
    log: options.log,
    files: createNodeFiles(),
    processes: createNodeProcesses(options.entryOf),
    http: createNodeHttp(),
    host,
    folders: options.folders ?? findFolders(host, options.resources),
  };
};
