import { RPCHandler } from '@orpc/server/message-port';
import { ipcMain, MessageChannelMain, type IpcMainEvent } from 'electron';
import type { AppRouter } from '../app/create-router.ts';
import type { Logger } from '../platform/ports.ts';
import { connectChannel, portChannel } from './channels.ts';
import { isOwnUrl } from './guards.ts';

/** True for the top frame of a window of ours showing a page of ours. */
const isTrusted = ({ sender, senderFrame }: IpcMainEvent): boolean =>
  senderFrame !== null && senderFrame.parent === null && isOwnUrl(senderFrame.url) && !sender.isDestroyed();

/** Gives each page that asks, after a check of who asks, a MessagePort on which the contract is served. */
export const bridgeContract = (router: AppRouter, log: Logger): Disposable => {
  const handler = new RPCHandler(router);
  const connect = (event: IpcMainEvent): void => {
    if (!isTrusted(event)) {
      log.warn('a foreign page asked for the contract', { url: event.senderFrame?.url });
      return;
    }
    const { port1, port2 } = new MessageChannelMain();
    handler.upgrade(port1, { context: {} });
    port1.start();
    event.sender.postMessage(portChannel, null, [port2]);
  };
  ipcMain.on(connectChannel, connect);
  return { [Symbol.dispose]: () => ipcMain.off(connectChannel, connect) };
};
