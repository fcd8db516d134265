import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, crashReporter, dialog, protocol } from 'electron';
import { toAppError } from '../../shared/errors/app-error.ts';
import { errorRow } from '../../shared/errors/table.ts';
import { findFolders } from '../platform/node/folders.ts';
import { createNodeHost } from '../platform/node/host.ts';
import { startDesktop } from './desktop.ts';
import { guardContents } from './guards.ts';
import { modelPathsIn } from './model-paths.ts';
import { appScheme } from './own-origin.ts';

/** Entry point of the desktop app: security switches first, then one instance, then the host and its window. */

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
app.on('web-contents-created', (_event, contents) => guardContents(contents));

/** One instance per data folder, and Chromium's own files inside it. */
const useDataFolder = (): void => {
  const folder = join(findFolders(createNodeHost(), '').data, 'window');
  mkdirSync(folder, { recursive: true });
  app.setPath('userData', folder);
  crashReporter.start({ uploadToServer: false }); // dumps stay on this machine
};

/** Files the system asks for; on macOS the first may come before there is a host. */
const listenForFiles = (initial: readonly string[]) => {
  let act: ((paths: readonly string[]) => void) | undefined;
  const early = [...initial];
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (act === undefined) early.push(path);
    else act([path]);
  });
  return (show: (paths: readonly string[]) => void): void => {
    act = show;
    if (early.length > 0) show(early.splice(0));
  };
};

/** One Ctrl-C in a terminal arrives twice: from the terminal, and from the launcher that forwards it. */
const sameRequestMs = 1000;

/** Children and the database are closed before the process ends; a second request to quit does not wait. */
const stopBeforeQuit = (desktop: AsyncDisposable): void => {
  let askedMs: number | undefined;
  app.on('before-quit', (event) => {
    if (askedMs !== undefined) {
      if (performance.now() - askedMs < sameRequestMs) event.preventDefault();
      return;
    }
    askedMs = performance.now();
    event.preventDefault();
    void Promise.resolve(desktop[Symbol.asyncDispose]()).then(
      () => app.exit(0),
      (error: unknown) => {
        process.stderr.write(`Dyno did not end cleanly: ${String(error)}\n`);
        app.exit(errorRow('app.internal').exit);
      },
    );
  });
};

const run = async (): Promise<void> => {
  useDataFolder();
  if (!app.requestSingleInstanceLock()) {
    app.quit(); // the first instance shows its window
    return;
  }
  const onFiles = listenForFiles(modelPathsIn(process.argv.slice(1), process.cwd()));
  await app.whenReady();
  const desktop = await startDesktop();
  app.on('second-instance', (_event, argv, folder) => desktop.show(modelPathsIn(argv.slice(1), folder)));
  app.on('activate', () => desktop.show([]));
  stopBeforeQuit(desktop);
  onFiles((paths) => desktop.show(paths));
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());

run().catch((error: unknown) => {
  const { code, message, hint } = toAppError(error);
  dialog.showErrorBox('Dyno could not start', hint === undefined ? message : `${message}\n${hint}`);
  app.exit(errorRow(code).exit);
});
