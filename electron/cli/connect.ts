import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import type { contract } from '../../shared/contract/index.ts';
import { hostActor } from '../app/access/actor.ts';
import type { App } from '../app/create-app.ts';
import { readRunningHost, readServingHosts, type RunningHost } from '../web/running-host.ts';
import { openHost } from './open-host.ts';

/** The typed client of the contract and what to close after use. */
export interface Connection extends AsyncDisposable {
  readonly client: ContractRouterClient<typeof contract>;
  /** True once the joined host went away. */
  isLost(): boolean;
}

const dialMs = 1500;

/** A socket to a host that runs already, or `undefined` when it does not answer in time. */
const dial = (host: RunningHost): Promise<WebSocket | undefined> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/rpc`, ['dyno', `dyno.token.${host.token}`]);
    socket.binaryType = 'arraybuffer'; // blobs are read asynchronously and could overtake each other
    const timer = setTimeout(() => {
      socket.close();
      resolve(undefined);
    }, dialMs);
    const settle = (answer: WebSocket | undefined) => (): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    socket.addEventListener('open', settle(socket), { once: true });
    socket.addEventListener('error', settle(undefined), { once: true });
  });

const join = (socket: WebSocket): Connection => ({
  client: createORPCClient(new RPCLink({ websocket: socket })),
  isLost: () => socket.readyState !== WebSocket.OPEN,
  [Symbol.asyncDispose]: () => {
    socket.close();
    return Promise.resolve();
  },
});

/** A host inside this process, which ends with it. */
export interface OwnHost extends Connection {
  readonly app: App;
}

export const openOwnHost = async (): Promise<OwnHost> => {
  const app = await openHost('cli');
  return {
    app,
    client: createRouterClient(app.router, { context: { actor: hostActor } }),
    isLost: () => false,
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
};

/**
 * Connects to the host of this data folder: the one that runs (browser mode), over WebSocket, else one inside this
 * process. Both give the same client.
 */
export const connect = async (): Promise<Connection> => {
  const running = await readRunningHost();
  const socket = running === undefined ? undefined : await dial(running);
  return socket === undefined ? openOwnHost() : join(socket);
};

/** A host that runs in another process. */
export interface JoinedHost extends Connection {
  readonly pid: number;
  readonly kind: 'dyno app' | 'dyno serve';
}

/** Every host of this data folder that runs and answers: browser mode first, then each `dyno serve`. */
export const joinAll = async (): Promise<readonly JoinedHost[]> => {
  const [app, serving] = await Promise.all([readRunningHost(), readServingHosts()]);
  const hosts = [
    ...(app === undefined ? [] : [{ host: app, kind: 'dyno app' as const }]),
    ...serving.map((host) => ({ host, kind: 'dyno serve' as const })),
  ];
  const joined = await Promise.all(
    hosts.map(async ({ host, kind }): Promise<readonly JoinedHost[]> => {
      const socket = await dial(host);
      return socket === undefined ? [] : [{ ...join(socket), pid: host.pid, kind }];
    }),
  );
  return joined.flat();
};
