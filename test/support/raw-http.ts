import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** A TCP connection a test speaks HTTP over by hand. */
export interface RawConnection extends Disposable {
  readonly socket: Socket;
  send(text: string): void;
  /** Everything received so far. */
  received(): string;
  /** Resolves once what was received contains `text`; rejects if the connection ends before. */
  until(text: string): Promise<string>;
  /** Resolves with everything received when the other side has closed. */
  ended(): Promise<string>;
}

export const openRaw = async (port: number): Promise<RawConnection> => {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.on('error', () => undefined); // a reset is an answer, too: 'close' follows
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    socket,
    send: (sent) => void socket.write(sent),
    received: () => text,
    until: async (wanted) => {
      while (!text.includes(wanted)) {
        await Promise.race([once(socket, 'data'), closed]);
        if (socket.destroyed && !text.includes(wanted)) throw new TypeError(`closed after: ${text}`);
      }
      return text;
    },
    ended: async () => {
      await closed;
      return text;
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
};
