import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { version } from '../app/version.ts';
import { announceHost } from '../web/running-host.ts';
import { startWebHost, type WebHost } from '../web/web-host.ts';
import { keepMemoryLean } from './lean-memory.ts';
import { openHost, rendererFolder } from './open-host.ts';

export const defaultWebPort = 7843;

interface Options {
  /** Wished port; with `isPortFixed` false another free one is taken when it is busy. */
  readonly port: number;
  readonly isPortFixed: boolean;
}

/**
 * Starts the host with the browser face and announces it to other `dyno` commands. Everything ends with the returned
 * scope.
 * @throws AppError `app.port-in-use`, `app.not-found` when the screens were not built
 */
export const startBrowserMode = async ({ port, isPortFixed }: Options): Promise<WebHost> => {
  if (!existsSync(join(rendererFolder, 'index.html'))) {
    throw new AppError('app.not-found', 'The screens are not built', { hint: 'Run "npm run build" first.' });
  }
  keepMemoryLean();
  await using scope = new AsyncDisposableStack();
  const app = scope.use(await openHost('browser'));
  const listen = (wished: number) =>
    startWebHost({ router: app.router, keys: app.keys, rendererFolder, port: wished, version, log: app.log });
  const web = scope.use(
    await listen(port).catch((error: unknown) => {
      if (isPortFixed || !(error instanceof AppError) || error.code !== 'app.port-in-use') throw error;
      return listen(0);
    }),
  );
  scope.use(
    await announceHost(app.info().dataFolder, { pid: process.pid, port: web.port, token: web.token }),
  );
  const owned = scope.move();
  return {
    port: web.port,
    url: web.url,
    token: web.token,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
