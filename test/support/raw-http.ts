import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** A TCP connection a test speaks HTTP over by hand. */
export interface RawConnection extends Disposable {
  readonly socket: Socket;
  send(text: string): void;
  /** Resolves with everything received once its last 4 KiB contain `text`; rejects if the connection ends before. */
  until(text: string): Promise<string>;
  /** Resolves with one whole reply, its body counted by Content-Length. */
  reply(): Promise<{ readonly status: number; readonly head: string; readonly body: string }>;
  /** Resolves with everything received when the other side has closed. */
  ended(): Promise<string>;
}

export const openRaw = async (port: number): Promise<RawConnection> => {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  // In pieces: looking at the end of one string of many megabytes would copy it for every packet.
  const chunks: string[] = [];
  let tail = '';
  socket.on('data', (bytes) => {
    const chunk = bytes.toString('latin1');
    chunks.push(chunk);
    tail = (tail + chunk).slice(-4096);
  });
  socket.on('error', () => undefined); // a reset is an answer, too: 'close' follows
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const all = () => chunks.join('');
  const when = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      if (socket.destroyed) throw new TypeError(`The connection ended after: ${tail}`);
      await Promise.race([once(socket, 'data'), closed]);
    }
  };
  return {
    socket,
    send: (sent) => void socket.write(sent),
    until: async (wanted) => {
      await when(() => tail.includes(wanted));
      return all();
    },
    reply: async () => {
      const bodyOf = () => all().split('\r\n\r\n')[1];
      await when(() => bodyOf() !== undefined);
      const head = all().split('\r\n\r\n')[0]?.toLowerCase() ?? '';
      const length = Number(/content-length: (\d+)/u.exec(head)?.[1] ?? 0);
      await when(() => (bodyOf()?.length ?? 0) >= length);
      return { status: Number(head.split(' ')[1]), head, body: bodyOf() ?? '' };
    },
    ended: async () => {
      await closed;
      return all();
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
};
