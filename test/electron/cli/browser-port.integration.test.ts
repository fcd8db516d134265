import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { startBrowserMode } from '../../../electron/cli/browser-mode.ts';
import { makeHome } from '../../support/open-app.ts';
import { thrownBy } from '../../support/thrown-by.ts';

let scope: AsyncDisposableStack;
let port = 0;
beforeEach(async () => {
  scope = new AsyncDisposableStack();
  vi.stubEnv('DYNO_HOME', scope.use(await makeHome()).path);
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  port = z.object({ port: z.number() }).parse(other.address()).port;
  scope.defer(() => void other.close());
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await scope.disposeAsync();
});

it('takes another port when its usual one is taken', async () => {
  await using web = await startBrowserMode({ port, isPortFixed: false });

  expect(web.port).not.toBe(port);
  expect((await fetch(`http://127.0.0.1:${web.port}/`)).status).toBe(200);
});

it('refuses to take another port than the one it was told', async () => {
  const error = await thrownBy(() => startBrowserMode({ port, isPortFixed: true }));

  expect(error.code).toBe('app.port-in-use');
});
