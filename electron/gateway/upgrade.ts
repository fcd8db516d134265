import { STATUS_CODES, type IncomingMessage, type Server as PlainServer } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Clock } from '../platform/ports.ts';
import type { RequestHead } from './http-exchange.ts';
import { toErrorReply } from './openai/error-reply.ts';
import type { MessageSocket, SocketListener } from './sockets/message-socket.ts';

export type NodeServer = PlainServer | TlsServer;

/** Longer than any proxy waits for a sign of life. */
const PING_MS = 30_000;

/** What becomes of a request to open a WebSocket, decided on its head. */
export type UpgradeVerdict =
  | {
      readonly type: 'refused';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
    }
  | {
      readonly type: 'accepted';
      readonly headers: Readonly<Record<string, string>>;
      readonly listen: (socket: MessageSocket) => SocketListener;
    };

const refuse = (socket: Duplex, verdict: Extract<UpgradeVerdict, { readonly type: 'refused' }>): void => {
  const body = JSON.stringify(verdict.body);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
    ...verdict.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 ${verdict.status} ${STATUS_CODES[verdict.status] ?? ''}\r\n${lines.join('')}\r\n${body}`,
  );
};

const toMessageSocket = (raw: WebSocket): MessageSocket => {
  let sent = 0;
  let last: Promise<void> = Promise.resolve();
  return {
    send: (text) => {
      if (raw.readyState !== raw.OPEN) return;
      sent += Buffer.byteLength(text);
      last = new Promise((resolve) => {
        raw.send(text, () => resolve());
      });
    },
    bufferedBytes: () => raw.bufferedAmount,
    sentBytes: () => sent,
    drained: () => last,
    close: (code, reason) => raw.close(code, reason),
    terminate: () => raw.terminate(),
  };
};

/** A browser wants one of the protocols it named; never the one that carries its key. */
const chooseProtocol = (offered: Set<string>): string | false =>
  [...offered].find((protocol) => !protocol.startsWith('openai-insecure-api-key.')) ?? false;

/**
 * True for the one protocol that is spoken here besides HTTP/1.1. Any other a client would rather speak (HTTP/2, which
 * Java's own client offers with every request) is passed over, as HTTP wants it.
 */
export const isWebSocket = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket';

/**
 * Opens WebSockets on `server`: the second file of the gateway that knows Node's sockets. Text only, no compression,
 * messages of `maxMessageBytes` at most.
 */
export const serveUpgrades = (
  server: NodeServer,
  options: {
    readonly clock: Pick<Clock, 'every'>;
    readonly maxMessageBytes: number;
    readonly newRequestId: () => string;
    readonly toHead: (raw: IncomingMessage) => RequestHead;
    /** Never throws. */
    readonly accept: (head: RequestHead) => UpgradeVerdict;
  },
): Disposable => {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: chooseProtocol,
  });
  const greetings = new WeakMap<IncomingMessage, Readonly<Record<string, string>>>();
  sockets.on('headers', (lines, request) => {
    for (const [name, value] of Object.entries(greetings.get(request) ?? {})) lines.push(`${name}: ${value}`);
  });
  sockets.on('wsClientError', ({ message }, socket) => {
    const error = new AppError('app.bad-input', `The WebSocket cannot be opened: ${message}.`);
    const headers = { 'x-request-id': options.newRequestId() };
    refuse(socket, { type: 'refused', status: 400, headers, body: toErrorReply(error) });
  });
  const open = (raw: WebSocket, listen: (socket: MessageSocket) => SocketListener): void => {
    const listener = listen(toMessageSocket(raw));
    let isAlive = true;
    const pulse = options.clock.every(PING_MS, () => {
      if (!isAlive) raw.terminate();
      isAlive = false;
      raw.ping();
    });
    raw.on('pong', () => {
      isAlive = true;
    });
    raw.on('message', (data, isBinary) => {
      if (isBinary || !Buffer.isBuffer(data)) raw.close(1003, 'Send text messages.');
      else listener.message(data.toString('utf8'));
    });
    // Too long a message, broken frames: ws closes the connection with the right code, and `close` follows.
    raw.on('error', () => undefined);
    raw.on('close', () => {
      pulse[Symbol.dispose]();
      listener.gone();
    });
  };
  const onUpgrade = (request: IncomingMessage, socket: Duplex, rest: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const verdict = options.accept(options.toHead(request));
    if (verdict.type === 'refused') {
      refuse(socket, verdict);
      return;
    }
    greetings.set(request, verdict.headers);
    sockets.handleUpgrade(request, socket, rest, (raw) => open(raw, verdict.listen));
  };
  server.on('upgrade', onUpgrade);
  return {
    [Symbol.dispose]: () => {
      server.off('upgrade', onUpgrade);
      for (const raw of sockets.clients) raw.terminate();
      sockets.close();
    },
  };
};
