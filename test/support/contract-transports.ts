import { once } from 'node:events';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import { RPCHandler as PortHandler } from '@orpc/server/message-port';
import { hostActor } from '../../electron/app/access/actor.ts';
import type { App } from '../../electron/app/create-app.ts';
import { startWebHost } from '../../electron/web/web-host.ts';
import type { TelemetrySample } from '../../shared/contract/hardware.ts';
import type { contract } from '../../shared/contract/index.ts';
import type { AppEvent } from '../../shared/events/events.ts';
import { createFakeLog } from './fake-log.ts';
import { createRestClient } from './rest-client.ts';

type WholeClient = ContractRouterClient<typeof contract>;

interface Abortable {
  readonly signal?: AbortSignal;
}

/** The calls the contract test makes, the same over every transport. */
export interface ContractClient {
  readonly app: Pick<WholeClient['app'], 'info' | 'lastSeq' | 'updateSettings'> & {
    watch(input: { readonly afterSeq?: number }): Promise<AsyncIterable<AppEvent>>;
  };
  readonly hardware: {
    telemetry(input: Record<string, never>, options?: Abortable): Promise<AsyncIterable<TelemetrySample>>;
  };
  readonly models: Pick<WholeClient['models'], 'inspect' | 'quantTypes'>;
  readonly server: Pick<WholeClient['server'], 'stop'>;
}

export interface Transport extends AsyncDisposable {
  readonly client: ContractClient;
}

export const startTestWebHost = ({ router, keys, info }: App) =>
  startWebHost({
    router,
    keys,
    rendererFolder: join(import.meta.dirname, 'renderer-files'),
    port: 0,
    version: info().version,
    log: createFakeLog(),
  });

const inMemory = (app: App): Promise<Transport> =>
  Promise.resolve({
    client: createRouterClient(app.router, { context: { actor: hostActor } }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });

const overMessagePort = (app: App): Promise<Transport> => {
  const { port1, port2 } = new MessageChannel();
  new PortHandler(app.router).upgrade(port1, { context: { actor: hostActor } });
  port1.start();
  port2.start();
  const client: WholeClient = createORPCClient(new PortLink({ port: port2 }));
  const closed = once(port1, 'close');
  return Promise.resolve({
    client,
    [Symbol.asyncDispose]: async () => {
      port2.close();
      await closed;
    },
  });
};

const overWebSocket = async (app: App): Promise<Transport> => {
  const web = await startTestWebHost(app);
  const socket = new WebSocket(`ws://127.0.0.1:${web.port}/rpc`, ['dyno', `dyno.token.${web.token}`]);
  await once(socket, 'open');
  const client: WholeClient = createORPCClient(new SocketLink({ websocket: socket }));
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
      await web[Symbol.asyncDispose]();
    },
  };
};

const overRest = async (app: App): Promise<Transport> => {
  const web = await startTestWebHost(app);
  return {
    client: createRestClient(`http://127.0.0.1:${web.port}/api`, web.token),
    [Symbol.asyncDispose]: () => web[Symbol.asyncDispose](),
  };
};

/** Every way to the contract. */
export const transports: readonly (readonly [name: string, open: (app: App) => Promise<Transport>])[] = [
  ['memory', inMemory],
  ['a MessagePort', overMessagePort],
  ['a WebSocket', overWebSocket],
  ['REST', overRest],
];
