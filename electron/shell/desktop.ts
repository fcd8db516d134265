import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { app, BrowserWindow, dialog, powerSaveBlocker, protocol, session, shell } from 'electron';
import { AppError } from '../../shared/errors/app-error.ts';
import type { App } from '../app/create-app.ts';
import { serveRenderer } from './app-protocol.ts';
import { bridgeContract } from './bridge.ts';
import { guardSession } from './guards.ts';
import { setMenu } from './menu.ts';
import { openDesktopHost } from './open-desktop-host.ts';
import { createPowerGuard } from './power.ts';
import { createTray } from './tray.ts';
import { startUpdater } from './updater.ts';
import { openWindow } from './window.ts';

export interface Desktop extends AsyncDisposable {
  /** Brings the window to the front and imports the model files among `argv`. */
  show(argv: readonly string[]): void;
}

const outFolder = join(import.meta.dirname, '..');

const clientOf = (host: App) => createRouterClient(host.router, { context: {} });
type Client = ReturnType<typeof clientOf>;

/** Import errors are told in a box: the window may not be open yet. */
const importModels = async (client: Client, paths: readonly string[]): Promise<void> => {
  for (const path of paths) {
    try {
      await client.models.import({ path, copy: false });
    } catch (error) {
      const hint = error instanceof AppError ? (error.hint ?? '') : '';
      dialog.showErrorBox(
        'The model was not added',
        `${error instanceof Error ? error.message : String(error)}\n${hint}`,
      );
    }
  }
};

const pickModels = async (client: Client): Promise<void> => {
  const { filePaths } = await dialog.showOpenDialog({
    title: 'Open a model',
    filters: [{ name: 'GGUF models', extensions: ['gguf'] }],
    properties: ['openFile', 'multiSelections'],
  });
  await importModels(client, filePaths);
};

/** Builds the host and everything around it; closed in reverse order. */
export const startDesktop = async (): Promise<Desktop> => {
  await using scope = new AsyncDisposableStack();
  const host = scope.use(await openDesktopHost(outFolder));
  const client = clientOf(host);
  const { dataFolder } = host.info();
  const icon = join(host.resources, 'icons', 'icon.png');

  serveRenderer(protocol, join(outFolder, 'renderer'));
  guardSession(session.defaultSession);
  scope.use(bridgeContract(host.router, host.log));

  const open = (): BrowserWindow =>
    openWindow({ preload: join(outFolder, 'preload', 'preload.cjs'), dataFolder, icon, log: host.log });
  const show: Desktop['show'] = (argv) => {
    const window = BrowserWindow.getAllWindows()[0] ?? open();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    void importModels(
      client,
      argv.filter((argument) => argument.endsWith('.gguf')),
    );
  };

  const toggleServer = async (): Promise<void> => {
    const status = await client.server.status();
    if (status.type === 'on') await client.server.stop();
    else await client.server.start({});
  };
  const tray = scope.use(
    createTray(icon, {
      show: () => show([]),
      toggleServer: () =>
        void toggleServer().catch((error: unknown) => host.log.warn('server switch failed', { error })),
      quit: () => app.quit(),
    }),
  );
  const power = scope.use(createPowerGuard(powerSaveBlocker));
  scope.use(
    host.onEvent((event) => {
      power.onEvent(event);
      if (event.body.type === 'server.changed') tray.update(event.body.status);
    }),
  );
  tray.update(await client.server.status());
  scope.use(startUpdater(host.log));
  setMenu({
    openModel: () => void pickModels(client),
    openDataFolder: () => void shell.openPath(dataFolder),
  });
  // with a tray the app goes on without a window, so that a server keeps serving
  app.on('window-all-closed', () => host.log.info('no window is open; Dyno goes on in the tray'));
  open();

  const owned = scope.move();
  return { show, [Symbol.asyncDispose]: () => owned.disposeAsync() };
};
