import { Menu, nativeImage, Tray } from 'electron';
import type { ServerStatus } from '../../shared/contract/server.ts';
import { trayTemplate, trayText, type TrayActions } from './tray-template.ts';

export interface TrayIcon extends Disposable {
  update(status: ServerStatus): void;
}

/** The tray item with the server's state and its switch. */
export const createTray = (iconPath: string, actions: TrayActions): TrayIcon => {
  const tray = new Tray(nativeImage.createFromPath(iconPath).resize({ width: 18, height: 18 }));
  tray.on('click', () => actions.show());
  let shown: string | undefined;
  return {
    update: (status) => {
      const text = trayText(status);
      if (text === shown) return; // the status changes with every request; a new menu would close an open one
      shown = text;
      tray.setToolTip(text);
      tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(status, actions)));
    },
    [Symbol.dispose]: () => tray.destroy(),
  };
};
