import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../shared/errors/app-error.ts';

/** The real host in browser mode, in a process of its own with empty folders. Ends with its scope. */
export interface BrowserMode extends AsyncDisposable {
  /** With the token. */
  readonly url: string;
}

/** Starts `dyno app --browser` from the build and waits for its address. */
export const startBrowserModeProcess = async (): Promise<BrowserMode> => {
  const home = await mkdtemp(join(tmpdir(), 'dyno-story-'));
  const entry = fileURLToPath(new URL('../../bin/dyno.js', import.meta.url));
  const child = spawn(process.execPath, [entry, 'app', '--browser', '--port', '0', '--no-open', '--json'], {
    env: { ...process.env, DYNO_HOME: join(home, 'data'), HOME: home, XDG_CACHE_HOME: join(home, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  createInterface(child.stderr).on('line', (line) => errors.push(line));
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await rm(home, { recursive: true, force: true });
  };
  const address = new Promise<string>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      const answer: unknown = JSON.parse(line);
      if (typeof answer === 'object' && answer !== null && 'url' in answer) resolve(String(answer.url));
    });
  });
  const url = await Promise.race([address, exited]);
  if (typeof url === 'string') return { url, [Symbol.asyncDispose]: stop };
  await stop();
  throw new AppError('app.internal', `Browser mode ended before it was there: ${errors.join('\n')}`);
};

/** A port nobody uses now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
