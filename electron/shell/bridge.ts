import { RPCHandler } from '@orpc/server/message-port';
import { ipcMain, MessageChannelMain, type IpcMainEvent, type MessagePortMain } from 'electron';
import { hostActor } from '../app/access/actor.ts';
import type { AppRouter } from '../app/create-router.ts';
import type { Logger } from '../platform/ports.ts';
import { connectChannel, portChannel } from './channels.ts';
import { isTrusted } from './own-origin.ts';

/**
 * Gives each page that asks, after a check of who asks, a MessagePort on which the contract is served. A page that
 * reloads closes its port and asks for a new one; dispose closes all, so that no page waits for an answer.
 */
export const bridgeContract = (router: AppRouter, log: Logger): Disposable => {
  const handler = new RPCHandler(router);
  const ports = new Set<MessagePortMain>();
  const connect = (event: IpcMainEvent): void => {
    if (!isTrusted(event)) {
      log.warn('a foreign page asked for the contract', { url: event.senderFrame?.url });
      return;
    }
    const { port1, port2 } = new MessageChannelMain();
    ports.add(port1);
    port1.once('close', () => ports.delete(port1));
    handler.upgrade(port1, { context: { actor: hostActor } });
    port1.start();
    event.sender.postMessage(portChannel, null, [port2]);
  };
  ipcMain.on(connectChannel, connect);
  return {
    [Symbol.dispose]: () => {
      ipcMain.off(connectChannel, connect);
      for (const port of ports) port.close();
    },
  };
};
