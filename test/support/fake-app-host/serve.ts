import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { RPCHandler } from '@orpc/server/ws';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { WebSocketServer } from 'ws';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { createFakeRouter } from './router.ts';
import type { FakeHost } from './state.ts';

/** The built screens by path, `index.html` included. */
export type Screens = ReadonlyMap<string, { readonly type: string; readonly body: string | Uint8Array }>;

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

/** Builds the renderer in memory, as the product's build does. */
export const buildScreens = async (): Promise<Screens> => {
  const root = fileURLToPath(new URL('../../../renderer', import.meta.url));
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root,
    base: './',
    plugins: [react()],
    build: { write: false },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) =>
    'output' in one ? one.output : [],
  );
  return new Map(
    outputs.map((file) => [
      `/${file.fileName}`,
      {
        type: types[file.fileName.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
        body: file.type === 'chunk' ? file.code : file.source,
      },
    ]),
  );
};

export interface FakeWebHost extends AsyncDisposable {
  readonly url: string;
  /** Cuts every connection, as a host that ends does; `true` refuses new ones until `false`. */
  setDown(isDown: boolean): void;
}

const token = 'test-token';
/** The policy of the real browser mode: what breaks it must break here. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ws://127.0.0.1:*; base-uri 'none'; form-action 'none'";

/** Serves the screens with a fake host behind them, on a free port. */
export const serveFakeHost = async (screens: Screens, host: FakeHost): Promise<FakeWebHost> => {
  const rpc = new RPCHandler(createFakeRouter(host));
  let isDown = false;
  const http = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://local').pathname;
    const file = screens.get(path === '/' ? '/index.html' : path);
    if (isDown) request.socket.destroy();
    else if (file === undefined) response.writeHead(404).end();
    else
      response
        .writeHead(200, { 'content-type': file.type, 'content-security-policy': policy })
        .end(file.body);
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'dyno' });
  http.on('upgrade', (request, socket, head) => {
    const protocols = request.headers['sec-websocket-protocol'] ?? '';
    if (isDown || !protocols.includes(`dyno.token.${token}`)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      void rpc.upgrade(webSocket, { context: { actor: hostActor } });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/#token=${token}`,
    setDown: (next) => {
      isDown = next;
      if (isDown) for (const client of sockets.clients) client.terminate();
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of sockets.clients) client.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
};
