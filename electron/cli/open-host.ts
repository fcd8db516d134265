import { join } from 'node:path';
import { createApp, type App } from '../app/create-app.ts';
import { createNodePorts } from '../platform/node/create-ports.ts';
import { findFolders } from '../platform/node/folders.ts';
import { createNodeHost } from '../platform/node/host.ts';
import { openLogFile } from '../platform/node/log-file.ts';
import { builtEntries, sourceEntries } from '../platform/node/worker-entries.ts';
import { isProcessAlive } from '../platform/node/is-process-alive.ts';

/** `out/cli/dyno.js` in a build, `electron/cli/open-host.ts` in the source tree: both lie two folders deep. */
export const root = join(import.meta.dirname, '../..');
const isBuilt = import.meta.filename.endsWith('.js');

export const rendererFolder = join(root, 'out/renderer');

/** The whole host inside this process, with Node's own child processes: for the command line and for browser mode. */
export const openHost = async (mode: 'cli' | 'browser'): Promise<App> => {
  const resources = join(root, 'resources');
  const folders = findFolders(createNodeHost(), resources);
  const ports = createNodePorts({
    resources,
    folders,
    log: openLogFile(join(folders.data, 'dyno.log'), process.env['DYNO_LOG']),
    entryOf: isBuilt ? builtEntries(join(root, 'out')) : sourceEntries(root),
  });
  return createApp(ports, { mode, pid: process.pid, isAlive: isProcessAlive });
};
