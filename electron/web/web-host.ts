import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { OpenAPIGenerator } from '@orpc/openapi';
import { BodyLimitPlugin } from '@orpc/server/node';
import { RPCHandler } from '@orpc/server/ws';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { WebSocketServer, type WebSocket } from 'ws';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import { errorRow } from '../../shared/errors/table.ts';
import type { Actor } from '../app/access/actor.ts';
import type { App } from '../app/create-app.ts';
import type { AppRouter } from '../app/create-router.ts';
import { errnoOf } from '../platform/node/file-errors.ts';
import type { Logger } from '../platform/ports.ts';
import { isOwnHost, isOwnOrigin } from './access.ts';
import { callerOf } from './caller.ts';
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
  /** Keys that may call, each as far as its role goes. */
  readonly keys: App['keys'];
  /** Where the built screens lie; `null`: a host without screens, the contract alone. */
  readonly rendererFolder: string | null;
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

/** The holder of a key, looked at anew for every call of a connection. */
const lasting = (actor: Actor, keys: App['keys']): Actor =>
  actor.type === 'key' ? { ...actor, again: () => keys.again(actor.principal.keyId) } : actor;

/** A socket that a key opened ends with the key. */
const closeWithKey = (socket: WebSocket, keys: App['keys'], keyId: string): void => {
  const watch = keys.onChange(() => {
    if (keys.endOf(keyId) !== undefined) socket.terminate();
  });
  socket.once('close', () => watch[Symbol.dispose]());
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
  const { router, keys, log } = options;
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
      if (options.rendererFolder === null) throw new AppError('app.not-found', 'This host has no screens.');
      await sendStatic(options.rendererFolder, path, request, response);
      return;
    }
    const actor = callerOf(request.headers, { token, keys });
    if (actor === undefined) {
      const hint =
        'Send Authorization: Bearer with the token of the address Dyno printed, or with an API key.';
      refuse(response, new AppError('app.unauthorized', undefined, { hint }));
      return;
    }
    if (path === '/api/openapi.json') {
      sendJson(response, 200, await makeDocument(router, options.version));
      return;
    }
    const { matched } = await rest.handle(request, response, {
      prefix: '/api',
      context: { actor },
    });
    if (!matched) refuse(response, new AppError('app.not-found', `No ${request.method ?? ''} ${path}`));
  };

  /** A key that ended is nobody here: an upgrade has no room for a reason. */
  const knownCaller = (request: IncomingMessage): Actor | undefined => {
    try {
      return callerOf(request.headers, { token, keys });
    } catch (error) {
      log.info('an ended key was presented', { error });
      return undefined;
    }
  };

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', (error) => log.debug('a socket broke while it was opened', { error }));
    const { host, origin } = request.headers;
    const isAllowed = isOwnHost(host, port) && isOwnOrigin(origin, port) && request.url === '/rpc';
    const actor = isAllowed ? knownCaller(request) : undefined;
    if (actor === undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (actor.type === 'key') closeWithKey(webSocket, keys, actor.principal.keyId);
      rpc.upgrade(webSocket, { context: { actor: lasting(actor, keys) } }).catch((error: unknown) => {
        log.error('a WebSocket was lost', { error });
        webSocket.terminate();
      });
    });
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const known = toAppError(error);
      const isDefect = known.code === 'app.internal';
      if (isDefect) log.error('web request failed', { error });
      if (!response.headersSent) refuse(response, isDefect ? new AppError('app.internal') : known);
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
