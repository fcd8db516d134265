import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  openModel(): void;
  openDataFolder(): void;
}

/** The menu as data: roles where the system has one, two actions of ours. */
export const menuTemplate = (actions: MenuActions, isMac: boolean): MenuItemConstructorOptions[] => [
  ...(isMac ? [{ role: 'appMenu' } as const] : []),
  {
    label: '&File',
    submenu: [
      { label: 'Open model…', accelerator: 'CmdOrCtrl+O', click: () => actions.openModel() },
      { label: 'Show data folder', click: () => actions.openDataFolder() },
      { type: 'separator' },
      { role: isMac ? 'close' : 'quit' },
    ],
  },
  { role: 'editMenu' },
  {
    label: '&View',
    submenu: [
      { role: 'reload' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      { role: 'toggleDevTools' },
    ],
  },
  { role: 'windowMenu' },
];
