import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** One request as the server saw it. */
export interface SeenRequest {
  readonly url: string;
  header(name: string): string | undefined;
}

/** How the server answers one request. */
export type ServerAct =
  | { readonly type: 'serve' }
  /** Answers 200 with the whole file whatever was asked. */
  | { readonly type: 'ignore-range' }
  /** Destroys the connection after so many bytes of the body. */
  | { readonly type: 'break'; readonly afterBytes: number }
  /** Sends so many bytes and then nothing, leaving the connection open. */
  | { readonly type: 'stall'; readonly afterBytes: number }
  /** Announces another length than it sends. */
  | { readonly type: 'announce'; readonly totalBytes: number }
  /** Sends without a length, more bytes than the file has. */
  | { readonly type: 'overflow'; readonly extraBytes: number }
  /** Answers a range by another one. */
  | { readonly type: 'wrong-range' }
  | { readonly type: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly type: 'html' }
  | { readonly type: 'json'; readonly value: unknown }
  | { readonly type: 'redirect'; readonly to: string };

export interface ModelServer extends AsyncDisposable {
  readonly origin: string;
  readonly requests: readonly SeenRequest[];
  /** Answers the coming requests by these, in order; then by `serve`. */
  plan(...acts: readonly ServerAct[]): void;
  /** Answers every request to this path by `act`, before any plan. */
  route(path: string, act: ServerAct): void;
  /** Replaces the file, with another ETag. */
  replaceFile(bytes: Uint8Array): void;
  /** Settles once the server has sent so many bytes of bodies altogether. */
  sent(bytes: number): Promise<void>;
}

/** A real HTTP server on loopback that serves one file, well or badly, as told. */
export const createModelServer = async (
  file: Uint8Array,
  options: { readonly etag?: 'strong' | 'weak' | 'none' } = {},
): Promise<ModelServer> => {
  const requests: SeenRequest[] = [];
  const planned: ServerAct[] = [];
  const routes = new Map<string, ServerAct>();
  const waiters: { readonly bytes: number; readonly done: () => void }[] = [];
  let bytes = file;
  let version = 1;
  let sentBytes = 0;

  const tag = () => (options.etag === 'weak' ? `W/"v${version}"` : `"v${version}"`);
  const identity = (): Record<string, string> => (options.etag === 'none' ? {} : { etag: tag() });
  const count = (length: number) => {
    sentBytes += length;
    for (const waiter of waiters) if (sentBytes >= waiter.bytes) waiter.done();
  };

  const rangeStart = (request: IncomingMessage): number => {
    const start = Number(/^bytes=(\d+)-\d*$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const condition = request.headers['if-range'];
    return condition === undefined || condition === tag() ? start : 0;
  };
  /** End of a range that has one, exclusive. */
  const rangeEnd = (request: IncomingMessage): number | undefined => {
    const last = /^bytes=\d+-(\d+)$/.exec(request.headers.range ?? '')?.[1];
    return last === undefined ? undefined : Math.min(bytes.length, Number(last) + 1);
  };
  const sendRange = (response: ServerResponse, start: number, end: number) => {
    response.writeHead(206, {
      ...identity(),
      'content-range': `bytes ${start}-${end - 1}/${bytes.length}`,
      'content-length': end - start,
      'content-type': 'application/octet-stream',
    });
    response.end(bytes.subarray(start, end), () => count(end - start));
  };
  const sendHead = (response: ServerResponse, start: number, length = bytes.length - start) => {
    const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(start === 0 ? 200 : 206, {
      ...identity(),
      ...(start === 0 ? {} : range),
      'content-length': length,
      'content-type': 'application/octet-stream',
    });
  };
  const answer = (act: ServerAct, request: IncomingMessage, response: ServerResponse): void => {
    const start = rangeStart(request);
    const end = rangeEnd(request);
    if (start >= bytes.length) {
      response.writeHead(416, { ...identity(), 'content-range': `bytes */${bytes.length}` }).end();
      return;
    }
    switch (act.type) {
      case 'serve':
        if (end !== undefined) {
          sendRange(response, start, end);
          return;
        }
        sendHead(response, start);
        response.end(bytes.subarray(start), () => count(bytes.length - start));
        return;
      case 'ignore-range':
        sendHead(response, 0);
        response.end(bytes);
        return;
      case 'break':
        sendHead(response, start);
        response.write(bytes.subarray(start, start + act.afterBytes), () => {
          count(act.afterBytes);
          response.destroy();
        });
        return;
      case 'stall':
        sendHead(response, start);
        response.write(bytes.subarray(start, start + act.afterBytes), () => count(act.afterBytes));
        return;
      case 'announce':
        sendHead(response, 0, act.totalBytes);
        response.write(bytes.subarray(0, Math.min(bytes.length, act.totalBytes)), () => response.destroy());
        return;
      case 'overflow':
        response.writeHead(200, identity());
        response.write(bytes);
        response.end(new Uint8Array(act.extraBytes));
        return;
      case 'wrong-range':
        response.writeHead(206, { ...identity(), 'content-range': `bytes 0-9/${bytes.length}` });
        response.end(bytes.subarray(0, 10));
        return;
      case 'status':
        response.writeHead(act.status, act.headers ?? {}).end();
        return;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>');
        return;
      case 'json':
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(act.value));
        return;
      case 'redirect':
        response.writeHead(302, { location: act.to }).end();
        return;
      default:
        act satisfies never;
    }
  };

  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    requests.push({ url, header: (name) => request.headers[name]?.toString() });
    const path = url.split('?')[0] ?? url;
    answer(routes.get(path) ?? planned.shift() ?? { type: 'serve' }, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    plan: (...acts) => void planned.push(...acts),
    route: (path, act) => void routes.set(path, act),
    replaceFile: (replacement) => {
      bytes = replacement;
      version += 1;
    },
    sent: (wanted) =>
      new Promise((resolve) => {
        if (sentBytes >= wanted) resolve();
        else waiters.push({ bytes: wanted, done: resolve });
      }),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
};
