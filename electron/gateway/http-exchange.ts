/** One HTTP request and its reply as the stages see them; `server.ts` implements both on Node's HTTP. */

/** Where a request comes from: a program of this machine, or the network. */
export type Caller =
  | { readonly reach: 'loopback' }
  | {
      readonly reach: 'network';
      /** Whom strangers are counted by: an IPv4 address, or a /64 of IPv6. */
      readonly address: string;
    };

export interface RequestHead {
  readonly caller: Caller;
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Names in lower case; a repeated header is joined with `, `, except those that HTTP allows once (first wins). */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** How many `Host` lines were sent; HTTP/1.1 asks for exactly one. */
  readonly hostCount: number;
}

export interface Responder {
  /** True once the status line has been handed over; then only stream calls are possible. */
  hasStarted(): boolean;
  /** Adds a header to the reply that has not started yet. */
  header(name: string, value: string): void;
  /** Adds headers that are made as the reply starts: they say how things stand then. Each is asked once, or never. */
  headersAtStart(make: () => Readonly<Record<string, string>>): void;
  /** Sends the whole reply. `body` is serialized as JSON; `undefined` sends none. */
  json(status: number, body: unknown): void;
  /** Sends the whole reply as text of that type. */
  text(status: number, contentType: string, body: string): void;
  /** Sends status 200 and the headers of a stream of events at once. */
  startStream(contentType: string): void;
  /** Queues text of a started stream. Never blocks: see `bufferedBytes`. */
  write(text: string): void;
  /** Bytes the client has not taken yet. */
  bufferedBytes(): number;
  /** Bytes the client has taken so far; grows while it reads. */
  takenBytes(): number;
  /** Resolves when all buffered bytes are gone, or the connection is. */
  drained(): Promise<void>;
  end(): void;
  /** Cuts the connection without a goodbye. */
  destroy(): void;
  /** Calls `act` once if the client leaves before the whole reply has left. */
  onGone(act: () => void): void;
}
