import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { app } from 'electron';
import { hostActor } from '../app/access/actor.ts';
import { createApp, type App } from '../app/create-app.ts';
import { createNodePorts } from '../platform/node/create-ports.ts';
import { findFolders } from '../platform/node/folders.ts';
import { createNodeHost } from '../platform/node/host.ts';
import { openLogFile } from '../platform/node/log-file.ts';
import { builtEntries } from '../platform/node/worker-entries.ts';
import { isProcessAlive } from '../platform/node/is-process-alive.ts';
import { createSafeVault } from './safe-vault.ts';
import { withUtilityProcesses } from './utility-processes.ts';
import { createWindowPrinter } from './window-printer.ts';

/** The host as the shell uses it: the contract in memory, and what only the shell needs. */
export interface DesktopHost extends AsyncDisposable {
  readonly app: App;
  readonly client: HostClient;
  /** Files shipped with the app. */
  readonly resources: string;
  readonly dataFolder: string;
}

const clientOf = (host: App) => createRouterClient(host.router, { context: { actor: hostActor } });
export type HostClient = ReturnType<typeof clientOf>;

/** `resources/` beside the asar in the packaged app, in the repository else. */
const resourcesFolder = (outFolder: string): string =>
  app.isPackaged ? join(process.resourcesPath, 'resources') : join(outFolder, '..', 'resources');

/** The host with Electron's utility processes as children and a log file in the data folder. */
export const openDesktopHost = async (outFolder: string): Promise<DesktopHost> => {
  const resources = resourcesFolder(outFolder);
  const folders = findFolders(createNodeHost(), resources);
  const entryOf = builtEntries(outFolder);
  const ports = createNodePorts({
    resources,
    folders,
    entryOf,
    log: openLogFile(join(folders.data, 'dyno.log'), process.env['DYNO_LOG']),
  });
  const host = await createApp(
    {
      ...ports,
      processes: withUtilityProcesses(ports.processes, entryOf),
      pdf: createWindowPrinter(ports),
      vault: await createSafeVault(ports.vault),
    },
    { mode: 'desktop', pid: process.pid, isAlive: isProcessAlive },
  );
  return {
    app: host,
    client: clientOf(host),
    resources,
    dataFolder: folders.data,
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
};
