import { Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron';
import type { ServerStatus } from '../../shared/contract/server.ts';

export interface TrayActions {
  show(): void;
  toggleServer(): void;
  quit(): void;
}

/** One line on what the server does. */
export const trayText = (status: ServerStatus): string => {
  switch (status.type) {
    case 'on':
      return `Dyno: serving ${status.modelName} ${status.quantization} on port ${status.port}`;
    case 'starting':
      return `Dyno: loading ${status.modelId}`;
    case 'failed':
      return 'Dyno: the server failed';
    case 'off':
      return 'Dyno: server off';
    default:
      return status satisfies never;
  }
};

export const trayTemplate = (status: ServerStatus, actions: TrayActions): MenuItemConstructorOptions[] => [
  { label: trayText(status), enabled: false },
  { type: 'separator' },
  { label: 'Show Dyno', click: actions.show },
  { label: status.type === 'on' ? 'Stop the server' : 'Start the server', click: actions.toggleServer },
  { type: 'separator' },
  { label: 'Quit', click: actions.quit },
];

export interface TrayIcon extends Disposable {
  update(status: ServerStatus): void;
}

/** The tray item with the server's state and its switch. */
export const createTray = (iconPath: string, actions: TrayActions): TrayIcon => {
  const tray = new Tray(nativeImage.createFromPath(iconPath).resize({ width: 18, height: 18 }));
  tray.on('click', actions.show);
  return {
    update: (status) => {
      tray.setToolTip(trayText(status));
      tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(status, actions)));
    },
    [Symbol.dispose]: () => tray.destroy(),
  };
};
