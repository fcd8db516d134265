/** One WebSocket as the gateway sees it; `upgrade.ts` implements it on a real one. */
export interface MessageSocket {
  /** Queues one text message. Never blocks: see `bufferedBytes`. */
  send(text: string): void;
  /** Bytes the client has not taken yet. */
  bufferedBytes(): number;
  /** Bytes handed over so far. */
  sentBytes(): number;
  /** Resolves when the last message is gone, or the connection is. */
  drained(): Promise<void>;
  /** Says goodbye with a code of RFC 6455, section 7.4. */
  close(code: number, reason: string): void;
  /** Cuts the connection. */
  terminate(): void;
}

export interface SocketListener {
  message(text: string): void;
  /** The connection is gone, whoever ended it. */
  gone(): void;
}
