/**
 * A stand-in for the `electron` module in plain Node: windows are pages of Debian's Chromium, utility processes are
 * Node children, everything else is recorded. It runs the compiled main, preload and renderer bundles together.
 */
import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appEvents, BrowserWindow, closeBrowser, ipcMain as ipcEvents, schemes } from './browser-window.ts';
import { MessageChannelMain } from './message-port.ts';
import { record, strict } from './strict.ts';
import { forkUtility } from './utility-process.ts';

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

let isReady = false;

const appApi = Object.assign(appEvents, {
  isPackaged: process.env['STUB_PACKAGED'] === '1',
  enableSandbox: () => record('app.enableSandbox'),
  requestSingleInstanceLock: () => true,
  getVersion: () => '0.1.0',
  whenReady: async () => {
    isReady = true;
    await Promise.resolve();
  },
  quit: () => {
    let isPrevented = false;
    appEvents.emit('before-quit', { preventDefault: () => (isPrevented = true) });
    if (!isPrevented) void closeBrowser().finally(() => process.exit(0));
  },
  exit: (code = 0) => void closeBrowser().finally(() => process.exit(code)),
});

const protocolApi = {
  registerSchemesAsPrivileged: (list: readonly { scheme: string }[]) => {
    if (isReady) throw new Error('registerSchemesAsPrivileged must be called before the app is ready');
    record(
      'schemes',
      list.map(({ scheme }) => scheme),
    );
  },
  handle: (scheme: string, handler: Parameters<typeof schemes.set>[1]) => {
    if (!isReady) throw new Error('protocol.handle needs a ready app');
    schemes.set(scheme, handler);
  },
};

const fetchFile = async (url: string): Promise<Response> => {
  const path = fileURLToPath(url);
  const body = await readFile(path);
  return new Response(new Uint8Array(body), {
    headers: { 'content-type': mimeTypes[extname(path)] ?? 'application/octet-stream' },
  });
};

const permissionHandlers: unknown[] = [];
let blockers = 0;

class TrayStub extends EventEmitter {
  setToolTip(text: string): void {
    record('tray', text);
  }
  setContextMenu(): void {
    record('tray.menu');
  }
  destroy(): void {
    record('tray.destroy');
  }
}

const image = { resize: () => image };

export const app = strict('app', appApi);
export const protocol = strict('protocol', protocolApi);
export const ipcMain = strict('ipcMain', ipcEvents);
export const net = strict('net', { fetch: fetchFile, isOnline: () => false });
export const session = strict('session', {
  defaultSession: strict('session', {
    setPermissionRequestHandler: (handler: unknown) => permissionHandlers.push(handler),
    setPermissionCheckHandler: (handler: unknown) => permissionHandlers.push(handler),
  }),
});
export const utilityProcess = strict('utilityProcess', {
  fork: (...args: Parameters<typeof forkUtility>) => {
    if (!isReady) throw new Error('utilityProcess.fork needs a ready app');
    return forkUtility(...args);
  },
});
export const powerSaveBlocker = strict('powerSaveBlocker', {
  start: (type: string) => {
    record('power.start', type);
    blockers += 1;
    return blockers;
  },
  stop: (id: number) => record('power.stop', id),
});
export const shell = strict('shell', {
  openExternal: (url: string) => Promise.resolve(record('shell.openExternal', url)),
  openPath: (path: string) => Promise.resolve(record('shell.openPath', path)),
});
export const dialog = strict('dialog', {
  showOpenDialog: () => Promise.resolve({ canceled: true, filePaths: [] }),
  showErrorBox: (title: string, text: string) => record('errorBox', title, text),
});
export const screen = strict('screen', {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
});
export const Menu = strict('Menu', {
  buildFromTemplate: (template: readonly { label?: string; role?: string }[]) => template,
  setApplicationMenu: (template: readonly { label?: string; role?: string }[]) =>
    record(
      'menu',
      template.map(({ label, role }) => label ?? role),
    ),
});
export const nativeImage = strict('nativeImage', { createFromPath: () => image });
export const crashReporter = strict('crashReporter', {
  start: (options: { uploadToServer?: boolean }) => record('crashReporter', options.uploadToServer),
});
export const autoUpdater = strict('autoUpdater', new EventEmitter());
export const Tray = TrayStub;
export { BrowserWindow, MessageChannelMain };
