import type { MenuItemConstructorOptions } from 'electron';
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

/** True while the switch would stop the server, also before it answers. */
export const isServing = ({ type }: ServerStatus): boolean => type === 'on' || type === 'starting';

export const trayTemplate = (status: ServerStatus, actions: TrayActions): MenuItemConstructorOptions[] => [
  { label: trayText(status), enabled: false },
  { type: 'separator' },
  { label: 'Show Dyno', click: () => actions.show() },
  { label: isServing(status) ? 'Stop the server' : 'Start the server', click: () => actions.toggleServer() },
  { type: 'separator' },
  { label: 'Quit', click: () => actions.quit() },
];
