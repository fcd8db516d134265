import { join } from 'node:path';
import { app, BrowserWindow, Menu, powerSaveBlocker, protocol, session, shell } from 'electron';
import { addModels, pickModels } from './add-models.ts';
import { serveRenderer } from './app-protocol.ts';
import { bridgeContract } from './bridge.ts';
import { guardSession } from './guards.ts';
import { menuTemplate } from './menu-template.ts';
import { openDesktopHost, type HostClient } from './open-desktop-host.ts';
import { createPowerGuard } from './power.ts';
import { createTray } from './tray.ts';
import { isServing } from './tray-template.ts';
import { startUpdater } from './updater.ts';
import { openWindow, rememberBounds } from './window.ts';

export interface Desktop extends AsyncDisposable {
  /** Brings the window to the front and adds the model files at `paths`. */
  show(paths: readonly string[]): void;
}

/** `out/`, from the bundle in `out/main/`. */
const outFolder = join(import.meta.dirname, '..');

/** True while something goes on that a closed window must not end. */
const isBusy = async (client: HostClient): Promise<boolean> => {
  const [status, jobs] = await Promise.all([client.server.status(), client.jobs.list()]);
  return isServing(status) || jobs.some(({ state }) => state.type === 'running' || state.type === 'queued');
};

/** Builds the host and everything around it; closed in reverse order. */
export const startDesktop = async (): Promise<Desktop> => {
  await using scope = new AsyncDisposableStack();
  const host = scope.use(await openDesktopHost(outFolder));
  const { client, dataFolder } = host;
  const { log } = host.app;
  const icon = join(host.resources, 'icons', 'icon.png');
  const boundsFile = join(dataFolder, 'window.json');
  const note = (what: string) => (error: unknown) => log.warn(`${what} failed`, { error });

  serveRenderer(protocol, join(outFolder, 'renderer'));
  guardSession(session.defaultSession, log);
  scope.use(bridgeContract(host.app.router, log));

  const open = (): BrowserWindow =>
    openWindow({ preload: join(outFolder, 'preload', 'preload.cjs'), boundsFile, icon, log });
  // quitting destroys the windows without their close event
  scope.defer(() => BrowserWindow.getAllWindows().forEach((window) => rememberBounds(window, boundsFile)));
  const show: Desktop['show'] = (paths) => {
    const window = BrowserWindow.getAllWindows()[0] ?? open();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    void addModels(client, paths);
  };

  const toggleServer = async (): Promise<void> => {
    if (isServing(await client.server.status())) {
      await client.server.stop();
      return;
    }
    const { serverPort, engine } = await client.app.settings();
    await client.server.start({ port: serverPort, settings: engine });
  };
  const tray = scope.use(
    createTray(icon, {
      show: () => show([]),
      toggleServer: () => void toggleServer().catch(note('the server switch')),
      quit: () => app.quit(),
    }),
  );
  const power = scope.use(createPowerGuard(powerSaveBlocker));
  scope.use(
    host.app.onEvent((event) => {
      power.onEvent(event);
      if (event.body.type === 'server.changed') tray.update(event.body.status);
    }),
  );
  tray.update(await client.server.status());
  scope.use(startUpdater(log));
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate(
        {
          openModel: () => void pickModels(client).catch(note('the open dialog')),
          openDataFolder: () => void shell.openPath(dataFolder),
        },
        process.platform === 'darwin',
      ),
    ),
  );
  const goOnOrQuit = async (): Promise<void> => {
    if (process.platform === 'darwin') return; // there an app without windows is usual
    if (await isBusy(client)) log.info('no window is open; Dyno works on, its item is in the tray');
    else app.quit();
  };
  const onAllClosed = (): void => void goOnOrQuit().catch(note('looking for work'));
  app.on('window-all-closed', onAllClosed);
  scope.defer(() => void app.off('window-all-closed', onAllClosed));
  open();

  const owned = scope.move();
  return { show, [Symbol.asyncDispose]: () => owned.disposeAsync() };
};
