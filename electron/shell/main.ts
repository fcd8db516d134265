import { app, dialog, protocol } from 'electron';
import { appScheme } from './app-protocol.ts';
import { startDesktop, type Desktop } from './desktop.ts';
import { guardContents } from './guards.ts';

/** Entry point of the desktop app: security switches first, then one instance, then the host and its window. */
app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
app.on('web-contents-created', (_event, contents) => guardContents(contents));

const run = async (): Promise<void> => {
  await app.whenReady();
  const desktop = await startDesktop();
  app.on('second-instance', (_event, argv) => desktop.show(argv));
  app.on('activate', () => desktop.show([]));
  app.on('open-file', (event, path) => {
    event.preventDefault();
    desktop.show([path]);
  });
  stopBeforeQuit(desktop);
};

/** Children and the database are closed before the process ends; a second quit does not wait. */
const stopBeforeQuit = (desktop: Desktop): void => {
  let isStopping = false;
  app.on('before-quit', (event) => {
    if (isStopping) return;
    isStopping = true;
    event.preventDefault();
    void Promise.resolve(desktop[Symbol.asyncDispose]()).finally(() => app.exit(0));
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
};

if (app.requestSingleInstanceLock()) {
  run().catch((error: unknown) => {
    dialog.showErrorBox('Dyno could not start', error instanceof Error ? error.message : String(error));
    app.exit(70);
  });
} else {
  app.quit(); // the first instance shows its window
}
