import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import type { contract } from '../../shared/contract/index.ts';
import { hostActor } from '../app/access/actor.ts';
import { readRunningHost, type RunningHost } from '../web/running-host.ts';
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

/**
 * Connects to the host of this data folder: the one that runs (browser mode), over WebSocket, else one inside this
 * process. Both give the same client.
 */
export const connect = async (options: { readonly alwaysOwnHost: boolean }): Promise<Connection> => {
  const running = options.alwaysOwnHost ? undefined : await readRunningHost();
  const socket = running === undefined ? undefined : await dial(running);
  if (socket !== undefined) return join(socket);
  const host = await openHost('cli');
  return {
    client: createRouterClient(host.router, { context: { actor: hostActor } }),
    isLost: () => false,
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
};
