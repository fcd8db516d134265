import { RPCLink } from '@orpc/client/message-port';
import type { Dial, Pipe } from './connection.ts';

/** Sent by the page when it listens; the preload answers with a port to the host. */
const READY = 'dyno:ready';
const PORT = 'dyno:port';

const isPortMessage = (event: MessageEvent<unknown>): boolean =>
  event.source === window &&
  typeof event.data === 'object' &&
  event.data !== null &&
  'type' in event.data &&
  event.data.type === PORT;

const receivePort = (signal: AbortSignal): Promise<MessagePort> =>
  new Promise((resolve) => {
    const listening = new AbortController();
    window.addEventListener(
      'message',
      (event: MessageEvent<unknown>) => {
        const [port] = event.ports;
        if (!isPortMessage(event) || port === undefined) return;
        listening.abort();
        resolve(port);
      },
      { signal: AbortSignal.any([listening.signal, signal]) },
    );
    window.postMessage(READY, '*');
  });

/** Dials the host of the desktop app through the one MessagePort that the preload hands over. */
export const dialMessagePort: Dial = async (signal): Promise<Pipe> => {
  const port = await receivePort(signal);
  const closed = new Promise<void>((resolve) => {
    port.addEventListener('close', () => resolve(), { once: true });
  });
  const link = new RPCLink({ port });
  port.start();
  return { link, closed };
};
