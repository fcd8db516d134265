import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyError, type FastifyRequest } from 'fastify';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Clock } from '../platform/ports.ts';
import type { RequestHead, Responder } from './http-exchange.ts';
import { toErrorReply } from './openai/error-reply.ts';
import { bodyTooLarge } from './stages/guard.ts';
import { isWebSocket, serveUpgrades, type UpgradeVerdict } from './upgrade.ts';

/** A whole request must have arrived within this time, its head within the first; slow senders hold no memory. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEAD_TIMEOUT_MS = 10_000;
const MAX_HEAD_BYTES = 16_384;
const KEEP_ALIVE_MS = 65_000;

/** How a request whose head was accepted goes on. */
export interface BodyHandler {
  /** Answers it with its body. */
  answer(body: Uint8Array): Promise<void>;
  /** Answers it when its body could not be read. */
  refuse(error: AppError): void;
}

export interface HttpServerOptions {
  readonly clock: Pick<Clock, 'every'>;
  readonly maxBodyBytes: number;
  readonly newRequestId: () => string;
  /**
   * Decides on the head, before any of the body is read: answers by itself and returns `undefined`, or says how to go
   * on with the body. Never throws.
   */
  readonly accept: (head: RequestHead, reply: Responder) => BodyHandler | undefined;
  /** Decides whether a WebSocket is opened. Never throws. */
  readonly acceptUpgrade: (head: RequestHead) => UpgradeVerdict;
}

export interface HttpServer {
  /** @throws AppError `app.port-in-use`, `app.bad-input` for a port this user may not have */
  listen(options: { readonly port: number; readonly host: string }): Promise<{ readonly port: number }>;
  /** Cuts every connection that is still open. */
  close(): Promise<void>;
}

/** Node gives most repeated headers joined already; the few it keeps as lists are joined the same way. */
const toHead = (raw: IncomingMessage, url: string): RequestHead => {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(raw.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const hostCount = raw.rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === 'host').length;
  const query = url.indexOf('?');
  return { method: raw.method ?? '', path: query < 0 ? url : url.slice(0, query), headers, hostCount };
};

const sendWhole = (raw: ServerResponse, status: number, type: string | undefined, text: string): void => {
  if (raw.headersSent || raw.destroyed) return;
  raw.writeHead(status, {
    ...(type === undefined ? {} : { 'content-type': type }),
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  raw.end(text);
};

const createResponder = (raw: ServerResponse): Responder => ({
  hasStarted: () => raw.headersSent,
  header: (name, value) => {
    if (!raw.headersSent) raw.setHeader(name, value);
  },
  json: (status, body) => {
    if (body === undefined) sendWhole(raw, status, undefined, '');
    else sendWhole(raw, status, 'application/json; charset=utf-8', JSON.stringify(body));
  },
  text: (status, contentType, body) => sendWhole(raw, status, contentType, body),
  startStream: (contentType) => {
    if (raw.headersSent || raw.destroyed) return;
    raw.writeHead(200, {
      'content-type': contentType,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
  },
  // Node corks a chunked reply until the end of the tick, so the events of one decode step leave in one packet.
  write: (text) => {
    if (!raw.destroyed) raw.write(text);
  },
  bufferedBytes: () => raw.writableLength,
  takenBytes: () => (raw.socket === null ? 0 : raw.socket.bytesWritten - raw.socket.writableLength),
  drained: () =>
    new Promise((resolve) => {
      if (raw.destroyed || raw.writableFinished || (raw.writableLength === 0 && !raw.writableEnded)) {
        resolve();
        return;
      }
      const done = (): void => {
        for (const name of ['drain', 'finish', 'close']) raw.off(name, done);
        resolve();
      };
      for (const name of ['drain', 'finish', 'close']) raw.on(name, done);
    }),
  end: () => {
    if (!raw.destroyed) raw.end();
  },
  destroy: () => void raw.destroy(),
  onGone: (act) => {
    if (raw.destroyed) act();
    else {
      raw.once('close', () => {
        if (!raw.writableFinished) act();
      });
    }
  },
});

/**
 * After a refusal the client may still be sending. Reading on for a little lets it see the answer (closing at once would
 * reset the connection under it); past the limit the connection is cut.
 */
const discardRest = (raw: IncomingMessage, maxBytes: number): void => {
  if (raw.complete) return;
  let discarded = 0;
  raw.on('data', (chunk: Uint8Array) => {
    discarded += chunk.byteLength;
    if (discarded > maxBytes) raw.destroy();
  });
};

/** Fastify's own failures while it reads the body, in our terms. */
const toBodyError = (error: FastifyError, maxBodyBytes: number): AppError =>
  error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
    ? bodyTooLarge(maxBodyBytes)
    : new AppError('gateway.invalid-json', 'The body did not arrive whole.', { cause: error });

/** What is no HTTP at all never reaches a stage; it gets a reply in the same form and the connection ends. */
const refuseMalformed = (error: { readonly code?: string }, socket: Socket, requestId: string): void => {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const [status, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', `The head is larger than ${MAX_HEAD_BYTES} bytes.`]
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'The request did not arrive in time.']
        : ['400 Bad Request', 'The request is not valid HTTP.'];
  const body = JSON.stringify(toErrorReply(new AppError('app.bad-input', message)));
  socket.end(
    `HTTP/1.1 ${status}\r\nx-request-id: ${requestId}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
};

const toListenError = (cause: unknown, port: number): AppError => {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    return new AppError('app.port-in-use', `Port ${port} is taken.`, {
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
  return new AppError('app.internal', 'The server could not be opened.', { cause });
};

/** HTTP for the stages: the only file of the gateway that knows Node's sockets and Fastify. */
export const createHttpServer = (options: HttpServerOptions): HttpServer => {
  const { accept, maxBodyBytes } = options;
  const app = Fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    return503OnClosing: false,
    http: {
      headersTimeout: HEAD_TIMEOUT_MS,
      maxHeaderSize: MAX_HEAD_BYTES,
      connectionsCheckingInterval: 5000,
      requireHostHeader: false,
      shouldUpgradeCallback: isWebSocket,
    },
    // Addresses are matched by public-routes.ts: an address Fastify cannot decode must not slip past the guard.
    rewriteUrl: () => '/',
    clientErrorHandler: (error, socket) => refuseMalformed(error, socket, options.newRequestId()),
  });
  const accepted = new WeakMap<FastifyRequest, BodyHandler>();

  const upgrades = serveUpgrades(app.server, {
    clock: options.clock,
    maxMessageBytes: maxBodyBytes,
    newRequestId: options.newRequestId,
    toHead: (raw) => toHead(raw, raw.url ?? ''),
    accept: options.acceptUpgrade,
  });
  // A client that asks before it sends its body hears of a refusal first; an expectation of another kind is passed over.
  for (const event of ['checkContinue', 'checkExpectation'] as const) {
    app.server.on(event, (raw: IncomingMessage, reply: ServerResponse) => {
      app.server.emit('request', raw, reply);
    });
  }
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onRequest', (request, reply, done) => {
    const responder = createResponder(reply.raw);
    const handler = accept(toHead(request.raw, request.originalUrl), responder);
    if (handler === undefined) {
      reply.hijack();
      discardRest(request.raw, maxBodyBytes);
      return;
    }
    accepted.set(request, handler);
    if (request.headers.expect?.toLowerCase() === '100-continue') reply.raw.writeContinue();
    done();
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    reply.hijack();
    accepted.get(request)?.refuse(toBodyError(error, maxBodyBytes));
    discardRest(request.raw, maxBodyBytes);
  });
  app.all('/', async (request, reply) => {
    reply.hijack();
    const handler = accepted.get(request);
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    await handler?.answer(body);
  });

  return {
    listen: async ({ port, host }) => {
      try {
        await app.listen({ port, host });
      } catch (cause) {
        throw toListenError(cause, port);
      }
      const address = app.server.address();
      return { port: typeof address === 'object' && address !== null ? address.port : port };
    },
    close: () => {
      upgrades[Symbol.dispose]();
      return app.close();
    },
  };
};
