import type { App } from '../app/create-app.ts';
import { announceServing } from '../web/running-host.ts';
import { startWebHost } from '../web/web-host.ts';

/**
 * Lets other `dyno` commands of this user reach a host that has no screens: the contract on a free loopback port behind a
 * token of its own, and a note in the data folder, readable by its owner only, that tells both. Ends with the scope.
 */
export const letReach = async ({ router, keys, log, info }: App): Promise<AsyncDisposable> => {
  await using scope = new AsyncDisposableStack();
  const { dataFolder, version } = info();
  const web = scope.use(await startWebHost({ router, keys, rendererFolder: null, port: 0, version, log }));
  scope.use(await announceServing(dataFolder, { pid: process.pid, port: web.port, token: web.token }));
  const owned = scope.move();
  return { [Symbol.asyncDispose]: () => owned.disposeAsync() };
};
