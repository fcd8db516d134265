import type { Folders, Logger, Ports, WorkerKind } from '../ports.ts';
import { createChromiumPrinter } from './chromium-printer.ts';
import { createNodeClock } from './clock.ts';
import { createNodeFiles } from './files.ts';
import { findFolders } from './folders.ts';
import { createNodeHost } from './host.ts';
import { createNodeHttp } from './http.ts';
import { createNodeOutbound } from './outbound.ts';
import { createNodeProcesses } from './processes.ts';
import { createNodeRandom } from './random.ts';
import { plainVault } from './plain-vault.ts';

/**
 * All real ports. The desktop replaces `processes.spawnWorker` by Electron's utility processes, `pdf` by its own window,
 * and `vault` by the operating system's.
 */
export const createNodePorts = (options: {
  readonly resources: string;
  readonly entryOf: (kind: WorkerKind) => string;
  readonly log: Logger;
  readonly folders?: Folders;
}): Ports => {
  const host = createNodeHost();
  const folders = options.folders ?? findFolders(host, options.resources);
  const random = createNodeRandom();
  const files = createNodeFiles();
  const processes = createNodeProcesses(options.entryOf);
  return {
    clock: createNodeClock(),
    random,
    log: options.log,
    files,
    processes,
    http: createNodeHttp(),
    outbound: createNodeOutbound(),
    pdf: createChromiumPrinter({ files, processes, random, host, folders }),
    host,
    vault: plainVault,
    folders,
  };
};
