import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyError, type FastifyRequest } from 'fastify';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Clock } from '../platform/ports.ts';
import type { Caller, RequestHead, Responder } from './http-exchange.ts';
import { createListeners, MAX_HEAD_BYTES, type Listeners, type Reach } from './listeners.ts';
import { addressGroup } from './network/address-group.ts';
import { createResponder, discardRest, toHead } from './node-exchange.ts';
import { toErrorReply } from './openai/error-reply.ts';
import { bodyTooLarge } from './stages/guard.ts';
import { serveUpgrades, type UpgradeVerdict } from './upgrade.ts';

/** How a request whose head was accepted goes on. */
export interface BodyHandler {
  /** Answers it with its body. */
  answer(body: Uint8Array): Promise<void>;
  /** Answers it when its body could not be read. */
  refuse(error: AppError): void;
}

export interface HttpServerOptions {
  readonly reach: Reach;
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

export interface HttpServer extends Pick<Listeners, 'listen' | 'present'> {
  /** Cuts every connection that is still open. */
  close(): Promise<void>;
}

/** Fastify's own failures while it reads the body, in our terms. */
const toBodyError = (error: FastifyError, maxBodyBytes: number): AppError =>
  error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
    ? bodyTooLarge(maxBodyBytes)
    : new AppError('gateway.invalid-json', 'The body did not arrive whole.', { cause: error });

/** True while a reply is under way that another one would break into, or be taken for. */
const isAnswering = (reply: ServerResponse | undefined): boolean =>
  reply !== undefined && !reply.writableFinished && (reply.headersSent || reply.req.complete);

/**
 * What is no HTTP at all never reaches a stage; it gets a reply in the same form and the connection ends.
 * @param newest reply of the connection, where it had one before
 */
const refuseMalformed = (
  error: { readonly code?: string },
  socket: Socket,
  { requestId, newest }: { readonly requestId: string; readonly newest: ServerResponse | undefined },
): void => {
  const isBroken = /^(?:ECONNRESET$|ERR_SSL_|ERR_TLS_)/u.test(error.code ?? '');
  if (isBroken || !socket.writable || isAnswering(newest)) {
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

const loopback: Caller = { reach: 'loopback' };

/** HTTP for the stages: with `listeners.ts` and `upgrade.ts` the only files that know Node's sockets and Fastify. */
export const createHttpServer = (options: HttpServerOptions): HttpServer => {
  const { accept, maxBodyBytes, reach } = options;
  const callerOf = ({ socket }: IncomingMessage): Caller =>
    reach.type === 'loopback'
      ? loopback
      : { reach: 'network', address: addressGroup(socket.remoteAddress ?? '') };
  // It routes and reads bodies; the servers that listen are those of `listeners`.
  const app = Fastify({
    bodyLimit: maxBodyBytes,
    // Addresses are matched by public-routes.ts: an address Fastify cannot decode must not slip past the guard.
    rewriteUrl: () => '/',
  });
  const newest = new WeakMap<Socket, ServerResponse>();
  const listeners = createListeners(reach, {
    onRequest: app.routing,
    onMalformed: (error, socket) =>
      refuseMalformed(error, socket, { requestId: options.newRequestId(), newest: newest.get(socket) }),
    serveUpgrades: (server) =>
      serveUpgrades(server, {
        clock: options.clock,
        maxMessageBytes: maxBodyBytes,
        newRequestId: options.newRequestId,
        toHead: (raw) => toHead(raw, raw.url ?? '', callerOf(raw)),
        accept: options.acceptUpgrade,
      }),
  });
  const accepted = new WeakMap<FastifyRequest, BodyHandler>();

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onRequest', (request, reply, done) => {
    newest.set(request.raw.socket, reply.raw);
    const responder = createResponder(reply.raw);
    const handler = accept(toHead(request.raw, request.originalUrl, callerOf(request.raw)), responder);
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
    listen: async (wish) => {
      await app.ready();
      return listeners.listen(wish);
    },
    present: listeners.present,
    close: async () => {
      await listeners.close();
      await app.close();
    },
  };
};
