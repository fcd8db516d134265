/**
 * A stand-in for the `electron` module in plain Node: windows are pages of the machine's Chromium, utility processes
 * are Node children. It runs the compiled main, preload and renderer bundles together, and throws on any member it
 * lacks. Tests look into it by functions that run in this process (control.ts).
 */
import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  CrashReporter,
  Dialog,
  MenuItem,
  MenuItemConstructorOptions,
  NativeImage,
  Net,
  PowerSaveBlocker,
  Protocol,
  Screen,
  Session,
  Shell,
} from 'electron';
import { preventable } from './preventable.ts';
import { closeBrowser } from './browser.ts';
import { appEvents, BrowserWindow, ipcEvents, schemes } from './browser-window.ts';
import { MessageChannelMain } from './message-port.ts';
import { strict } from './strict.ts';
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
const needsReady = (what: string): void => {
  if (!isReady) throw new Error(`${what} needs a ready app`);
};

const exit = (code = 0): void => {
  void closeBrowser().finally(() => process.exit(code));
};

const quit = (): void => {
  const event = preventable();
  appEvents.emit('before-quit', event);
  if (!event.isPrevented()) exit();
};

export const app = strict(
  'app',
  Object.assign(appEvents, {
    isPackaged: process.env.STUB_RESOURCES !== undefined,
    enableSandbox: () => undefined,
    requestSingleInstanceLock: () => process.env.STUB_SECOND_INSTANCE !== '1',
    setPath: () => undefined,
    getVersion: () => '0.0.0',
    whenReady: async () => {
      isReady = true;
      await Promise.resolve();
    },
    quit,
    exit,
  }),
);

const protocolPart: Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'> = {
  registerSchemesAsPrivileged: () => {
    if (isReady) throw new Error('registerSchemesAsPrivileged must be called before the app is ready');
  },
  handle: (scheme, handler) => {
    needsReady('protocol.handle');
    schemes.set(scheme, handler);
  },
};

/** As Chromium's loader for `file:` addresses; the network is not there. */
const netPart: Pick<Net, 'fetch' | 'isOnline'> = {
  isOnline: () => false,
  fetch: async (input) => {
    const path = fileURLToPath(typeof input === 'string' ? input : input.url);
    const body = await readFile(path);
    return new Response(new Uint8Array(body), {
      headers: { 'content-type': mimeTypes[extname(path)] ?? 'application/octet-stream' },
    });
  },
};

let askPermission: Parameters<Session['setPermissionRequestHandler']>[0] = null;
let checkPermission: Parameters<Session['setPermissionCheckHandler']>[0] = null;
const sessionPart: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler'> = {
  setPermissionRequestHandler: (handler) => (askPermission = handler),
  setPermissionCheckHandler: (handler) => (checkPermission = handler),
};

const started = new Set<number>();
let lastBlocker = 0;
const powerPart: Pick<PowerSaveBlocker, 'start' | 'stop' | 'isStarted'> = {
  start: () => {
    lastBlocker += 1;
    started.add(lastBlocker);
    return lastBlocker;
  },
  stop: (id) => started.delete(id),
  isStarted: (id) => started.has(id),
};

const shellPart: Pick<Shell, 'openExternal' | 'openPath'> = {
  openExternal: () => Promise.resolve(),
  openPath: () => Promise.resolve(''),
};

const dialogPart: Pick<Dialog, 'showErrorBox'> & { showOpenDialog(): Promise<{ filePaths: string[] }> } = {
  showOpenDialog: () => Promise.resolve({ filePaths: [] }),
  showErrorBox: (title, content) => void process.stderr.write(`${title}\n${content}\n`),
};

const screenPart: { getAllDisplays(): Pick<ReturnType<Screen['getAllDisplays']>[number], 'workArea'>[] } = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};

type Template = readonly (MenuItemConstructorOptions | MenuItem)[];
let applicationMenu: Template | null = null;

const image: Pick<NativeImage, 'isEmpty'> & { resize(): unknown } = {
  isEmpty: () => false,
  resize: () => image,
};

const crashPart: Pick<CrashReporter, 'start'> = { start: () => undefined };

/** The item beside the clock. Tests watch it by replacing methods of its prototype. */
export class Tray extends EventEmitter {
  setToolTip(): void {
    this.emit('stub:tooltip');
  }
  setContextMenu(): void {
    this.emit('stub:menu');
  }
  destroy(): void {
    this.emit('stub:destroyed');
  }
}

export const protocol = strict('protocol', protocolPart);
export const ipcMain = strict('ipcMain', ipcEvents);
export const net = strict('net', netPart);
export const session = strict('session', {
  defaultSession: strict('defaultSession', sessionPart),
  /** For tests: what the app's handlers answer. */
  stubPermissions: () => ({ askPermission, checkPermission }),
});
export const utilityProcess = strict('utilityProcess', {
  fork: (...args: Parameters<typeof forkUtility>) => {
    needsReady('utilityProcess.fork');
    return forkUtility(...args);
  },
});
export const powerSaveBlocker = strict('powerSaveBlocker', powerPart);
export const shell = strict('shell', shellPart);
export const dialog = strict('dialog', dialogPart);
export const screen = strict('screen', screenPart);
export const Menu = strict('Menu', {
  buildFromTemplate: (template: Template) => template,
  setApplicationMenu: (menu: Template | null) => (applicationMenu = menu),
  getApplicationMenu: () => applicationMenu,
});
export const nativeImage = strict('nativeImage', { createFromPath: () => image });
export const crashReporter = strict('crashReporter', crashPart);
/** As on a Linux without a keyring: what would be sealed is kept in a file. */
export const safeStorage = strict('safeStorage', {
  isAsyncEncryptionAvailable: () => Promise.resolve(false),
});
export const autoUpdater = strict<object>('autoUpdater', {});
export { BrowserWindow, MessageChannelMain };
