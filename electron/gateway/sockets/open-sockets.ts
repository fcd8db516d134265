import type { MessageSocket } from './message-socket.ts';

/** Of one key; the next is refused. */
const MAX_PER_KEY = 16;

interface Goodbye {
  readonly code: number;
  readonly reason: string;
}

export interface OpenSockets {
  /** False when the key has as many as it may have. */
  add(keyId: string, socket: MessageSocket): boolean;
  remove(socket: MessageSocket): void;
  /** Closes those of every key that has a goodbye. */
  closeWhere(goodbyeOf: (keyId: string) => Goodbye | undefined): void;
}

/** The connections that are open, and whose they are: a key that ends takes its connections with it. */
export const createOpenSockets = (): OpenSockets => {
  const sockets = new Map<MessageSocket, string>();
  return {
    add: (keyId, socket) => {
      const count = [...sockets.values()].filter((each) => each === keyId).length;
      if (count >= MAX_PER_KEY) return false;
      sockets.set(socket, keyId);
      return true;
    },
    remove: (socket) => void sockets.delete(socket),
    closeWhere: (goodbyeOf) => {
      for (const [socket, keyId] of sockets) {
        const goodbye = goodbyeOf(keyId);
        if (goodbye !== undefined) socket.close(goodbye.code, goodbye.reason);
      }
    },
  };
};
