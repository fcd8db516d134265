import { BrowserWindow, screen } from 'electron';
import type { Logger } from '../platform/ports.ts';
import { appOrigin } from './own-origin.ts';
import { minimumSize, readBounds, writeBounds } from './window-state.ts';

interface Options {
  readonly preload: string;
  readonly boundsFile: string;
  readonly icon: string;
  readonly log: Logger;
}

/** Notes where the window is, for the next start. */
export const rememberBounds = (
  window: Pick<BrowserWindow, 'getNormalBounds' | 'isMaximized'>,
  boundsFile: string,
): void => writeBounds(boundsFile, { ...window.getNormalBounds(), isMaximized: window.isMaximized() });

/** Opens the one window: sandboxed, isolated, without Node; where it was the last time. */
export const openWindow = ({ preload, boundsFile, icon, log }: Options): BrowserWindow => {
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const { isMaximized, ...bounds } = readBounds(boundsFile, areas);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    show: false,
    title: 'Dyno',
    icon,
    backgroundColor: '#101113',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    },
  });
  window.once('ready-to-show', () => {
    if (isMaximized) window.maximize();
    window.show();
  });
  window.on('close', () => rememberBounds(window, boundsFile));
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.error('the window crashed', { reason });
    if (reason !== 'clean-exit' && !window.isDestroyed()) window.reload(); // the host holds all state
  });
  window.loadURL(`${appOrigin}/`).catch((error: unknown) => log.error('the window did not load', { error }));
  return window;
};
