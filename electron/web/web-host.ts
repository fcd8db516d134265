import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { OpenAPIGenerator } from '@orpc/openapi';
import { BodyLimitPlugin } from '@orpc/server/node';
import { RPCHandler } from '@orpc/server/ws';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { WebSocketServer } from 'ws';
import { AppError } from '../../shared/errors/app-error.ts';
import { errorRow } from '../../shared/errors/table.ts';
import type { AppRouter } from '../app/create-router.ts';
import { errnoOf } from '../platform/node/file-errors.ts';
import type { Logger } from '../platform/ports.ts';
import { isOwnHost, isOwnOrigin, isToken, tokenOfBearer, tokenOfSubprotocol } from './access.ts';
import { sendStatic } from './static.ts';

/** The browser face: the built renderer, the contract over WebSocket (`/rpc`) and REST (`/api`). Loopback only. */
export interface WebHost extends AsyncDisposable {
  readonly port: number;
  /** Address to open, with the token in the fragment, which no server and no log ever sees. */
  readonly url: string;
  readonly token: string;
}

interface Options {
  readonly router: AppRouter;
  readonly rendererFolder: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly version: string;
  readonly log: Logger;
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const isTaken = errnoOf(cause) === 'EADDRINUSE';
      reject(
        new AppError(isTaken ? 'app.port-in-use' : 'app.internal', `Cannot listen on 127.0.0.1:${port}`, {
          hint: isTaken ? 'Choose another with --port, or close the other program.' : undefined,
          cause,
        }),
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' });
  response.end(JSON.stringify(body));
};

/** A request of ours is small: the longest text is a settings object. */
const maxBodyBytes = 8 << 20;

const refuse = (response: ServerResponse, error: AppError, status = errorRow(error.code).http): void => {
  sendJson(response, status, error.toPayload());
};

const makeDocument = (router: AppRouter, version: string): Promise<unknown> =>
  new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] }).generate(router, {
    info: { title: 'Dyno', version, description: 'What the window and the command ask of the host.' },
    servers: [{ url: '/api' }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  });

/**
 * Starts the browser face.
 * @throws AppError `app.port-in-use`
 */
export const startWebHost = async (options: Options): Promise<WebHost> => {
  const { router, log } = options;
  const token = randomBytes(24).toString('base64url');
  const rest = new OpenAPIHandler(router, { plugins: [new BodyLimitPlugin({ maxBodySize: maxBodyBytes })] });
  const rpc = new RPCHandler(router);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxBodyBytes,
    handleProtocols: (protocols) => (protocols.has('dyno') ? 'dyno' : false),
  });
  let port = options.port;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isOwnHost(request.headers.host, port)) {
      refuse(response, new AppError('gateway.host-not-allowed'));
      return;
    }
    if (!isOwnOrigin(request.headers.origin, port)) {
      refuse(response, new AppError('gateway.origin-not-allowed'));
      return;
    }
    const path = URL.parse(request.url ?? '/', `http://127.0.0.1:${port}`)?.pathname;
    if (path === undefined) {
      refuse(response, new AppError('app.bad-input', 'The request names no path.'));
      return;
    }
    if (path !== '/api' && !path.startsWith('/api/')) {
      await sendStatic(options.rendererFolder, path, request, response);
      return;
    }
    if (!isToken(tokenOfBearer(request.headers.authorization), token)) {
      const hint = 'Send the header Authorization: Bearer TOKEN with the token of the address Dyno printed.';
      refuse(response, new AppError('app.unauthorized', undefined, { hint }));
      return;
    }
    if (path === '/api/openapi.json') {
      sendJson(response, 200, await makeDocument(router, options.version));
      return;
    }
    const { matched } = await rest.handle(request, response, { prefix: '/api', context: {} });
    if (!matched) refuse(response, new AppError('app.not-found', `No ${request.method ?? ''} ${path}`));
  };

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', (error) => log.debug('a socket broke while it was opened', { error }));
    const { host, origin } = request.headers;
    const isAllowed =
      isOwnHost(host, port) &&
      isOwnOrigin(origin, port) &&
      isToken(tokenOfSubprotocol(request.headers['sec-websocket-protocol']), token);
    if (!isAllowed || request.url !== '/rpc') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      rpc.upgrade(webSocket, { context: {} }).catch((error: unknown) => {
        log.error('a WebSocket was lost', { error });
        webSocket.terminate();
      });
    });
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      log.error('web request failed', { error });
      if (!response.headersSent) refuse(response, new AppError('app.internal'));
      else response.destroy();
    });
  });
  server.on('upgrade', upgrade);
  port = await listen(server, port);

  return {
    port,
    url: `http://127.0.0.1:${port}/#token=${token}`,
    token,
    [Symbol.asyncDispose]: async () => {
      for (const client of sockets.clients) client.terminate();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
    },
  };
};
