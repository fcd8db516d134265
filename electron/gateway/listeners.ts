import { once } from 'node:events';
import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { AppError } from '../../shared/errors/app-error.ts';
import { addressGroup } from './network/address-group.ts';
import { createConnectionCap } from './network/connection-cap.ts';
import type { PemPair } from './tls/make-certificate.ts';
import { isWebSocket, type NodeServer } from './upgrade.ts';

/** A whole request must have arrived within this time, its head within the first; slow senders hold no memory. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEAD_TIMEOUT_MS = 10_000;
/** From the connection to the end of the handshake. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
export const MAX_HEAD_BYTES = 16_384;
const KEEP_ALIVE_MS = 65_000;
/** How often another free port is tried where one is taken at a second address. */
const PORT_TRIES = 16;

/** Who can reach a server: the programs of this machine, or others too, with TLS where there is a certificate. */
export type Reach =
  { readonly type: 'loopback' } | { readonly type: 'network'; readonly certificate: PemPair | undefined };

interface ListenWish {
  /** The same at every address; 0 takes one that is free at all. */
  readonly port: number;
  readonly addresses: readonly string[];
  /** Addresses a machine may lack, as one without IPv6 lacks `::1`; the first is always listened on. */
  readonly mayMiss?: readonly string[];
}

/** The servers of one reach, one per address. */
export interface Listeners {
  /**
   * Listens at every address, or at none.
   * @throws AppError `app.port-in-use`, `app.bad-input` for a port this user may not open or an address that is not here
   */
  listen(wish: ListenWish): Promise<{ readonly port: number; readonly addresses: readonly string[] }>;
  /** Shows another certificate to connections from now on. */
  present(certificate: PemPair): void;
  /** Cuts every connection that is still open. */
  close(): Promise<void>;
}

const codeOf = (cause: unknown): unknown =>
  cause instanceof Error && 'code' in cause ? cause.code : undefined;

const isMissing = (cause: unknown): boolean =>
  ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(String(codeOf(cause)));

const toListenError = (cause: unknown, port: number, address: string): AppError => {
  const code = codeOf(cause);
  if (code === 'EADDRINUSE') {
    return new AppError('app.port-in-use', `Port ${port} is taken at ${address}.`, {
      hint: 'Choose another port, or 0 for any.',
      cause,
    });
  }
  if (code === 'EACCES') {
    return new AppError('app.bad-input', `This user may not open port ${port}.`, {
      hint: 'Choose a port above 1023.',
      cause,
    });
  }
  if (isMissing(cause))
    return new AppError('app.bad-input', `This machine has no address ${address}.`, { cause });
  return new AppError('app.internal', 'The server could not be opened.', { cause });
};

const options: ServerOptions = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  headersTimeout: HEAD_TIMEOUT_MS,
  maxHeaderSize: MAX_HEAD_BYTES,
  connectionsCheckingInterval: 5000,
  requireHostHeader: false,
  shouldUpgradeCallback: isWebSocket,
};

const createNodeServer = (reach: Reach, onRequest: RequestListener): NodeServer => {
  if (reach.type === 'loopback' || reach.certificate === undefined) return createServer(options, onRequest);
  const { certPem, keyPem } = reach.certificate;
  try {
    return createTlsServer(
      {
        ...options,
        cert: certPem,
        key: keyPem,
        minVersion: 'TLSv1.2',
        ALPNProtocols: ['http/1.1'],
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      },
      onRequest,
    );
  } catch (cause) {
    // it could be read, but is too weak for TLS, or what follows it in the file is no certificate
    throw new AppError('server.certificate-unreadable', 'TLS does not take this certificate.', {
      hint: 'Give one with a key of 2048 bits (RSA) or P-256 at least, or use --tls self-signed.',
      cause,
    });
  }
};

/** @param serveUpgrades opens WebSockets on a server until disposed */
export const createListeners = (
  reach: Reach,
  {
    onRequest,
    onMalformed,
    serveUpgrades,
  }: {
    readonly onRequest: RequestListener;
    readonly onMalformed: (error: { readonly code?: string }, socket: Socket) => void;
    readonly serveUpgrades: (server: NodeServer) => Disposable;
  },
): Listeners => {
  const cap = createConnectionCap();
  let open: readonly AsyncDisposable[] = [];
  const servers = new Set<NodeServer>();

  /** Strangers have so many connections and no more; Node itself would give them every file the process may open. */
  const guardConnections = (server: NodeServer): (() => void) => {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      const address = addressGroup(socket.remoteAddress ?? '');
      if (!cap.enter(address)) {
        socket.destroy();
        return;
      }
      sockets.add(socket);
      socket.once('close', () => {
        sockets.delete(socket);
        cap.leave(address);
      });
    });
    return () => {
      // those whose handshake is under way are not known to HTTP
      for (const socket of sockets) socket.destroy();
    };
  };

  const openAt = async (address: string, port: number): Promise<{ port: number } & AsyncDisposable> => {
    const server = createNodeServer(reach, onRequest);
    const cutAll =
      reach.type === 'network' ? guardConnections(server) : (): void => server.closeAllConnections();
    server.on('clientError', onMalformed);
    // A client that asks before it sends its body hears of a refusal first; an expectation of another kind is passed over.
    for (const event of ['checkContinue', 'checkExpectation'] as const) server.on(event, onRequest);
    const upgrades = serveUpgrades(server);
    server.listen({ port, host: address });
    try {
      await once(server, 'listening');
    } catch (cause) {
      upgrades[Symbol.dispose]();
      server.close();
      throw cause;
    }
    servers.add(server);
    const bound = server.address();
    return {
      port: typeof bound === 'object' && bound !== null ? bound.port : port,
      [Symbol.asyncDispose]: async () => {
        servers.delete(server);
        upgrades[Symbol.dispose]();
        const closed = once(server, 'close');
        server.close();
        cutAll();
        await closed;
      },
    };
  };

  const openAll = async ({ port: wished, addresses, mayMiss = [] }: ListenWish) => {
    await using scope = new AsyncDisposableStack();
    const bound: string[] = [];
    let port = wished;
    for (const address of addresses) {
      try {
        port = scope.use(await openAt(address, port)).port;
        bound.push(address);
      } catch (cause) {
        const mayBeSkipped = bound.length > 0 && mayMiss.includes(address) && isMissing(cause);
        if (cause instanceof AppError) throw cause;
        if (!mayBeSkipped) throw toListenError(cause, port, address);
      }
    }
    open = [...open, scope.move()];
    return { port, addresses: bound };
  };

  return {
    listen: async (wish) => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await openAll(wish);
        } catch (error) {
          const isTaken = error instanceof AppError && error.code === 'app.port-in-use';
          if (!isTaken || wish.port !== 0 || tries === PORT_TRIES) throw error;
        }
      }
    },
    present: ({ certPem, keyPem }) => {
      for (const server of servers) {
        if (server instanceof TlsServer)
          server.setSecureContext({ cert: certPem, key: keyPem, minVersion: 'TLSv1.2' });
      }
    },
    close: async () => {
      const closing = open;
      open = [];
      await Promise.all(closing.map((each) => each[Symbol.asyncDispose]()));
    },
  };
};
