import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../support/desktop.ts';
import { writeFakeElectron } from '../../support/fake-electron.ts';
import { alive, descendantsOf } from '../../support/process-tree.ts';

/** What `npm start` runs, as a process: without a display, without a network, in an empty home. */
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dyno-start-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const direct = [process.execPath, join(root, 'scripts/start.js')] as const;
const throughNpm = ['npm', 'start', '--silent', '--'] as const;

interface Options {
  readonly command?: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

const startApp = async (flags: readonly string[], options: Options = {}) => {
  const { PATH = '' } = process.env;
  const [command, ...args] = options.command ?? direct;
  const child = spawn(command, [...args, ...flags], {
    cwd: root,
    env: {
      PATH,
      HOME: home,
      XDG_CACHE_HOME: join(home, 'cache'),
      DYNO_HOME: join(home, 'data'),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  const address = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.stdout += text;
      const url = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(said.stdout)?.[0];
      if (url !== undefined) resolve(url);
    });
  });
  const isReady = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.stderr += text;
      if (said.stderr.includes('Ctrl-C stops Dyno.')) resolve();
    });
  });
  const ended = exited.then((code) => expect.unreachable(`it ended with ${code}: ${said.stderr}`));
  const url = await Promise.race([address, ended]);
  await Promise.race([isReady, ended]);
  ended.catch(() => undefined); // from here on its end is what the test asks for
  return { pid: child.pid ?? 0, url, said, exited, kill: (signal: NodeJS.Signals) => child.kill(signal) };
};

describe('npm start on a machine without a display', () => {
  it('opens browser mode, says why, and how to get a window', async () => {
    const app = await startApp(['--no-open']);
    const page = await fetch(app.url);
    app.kill('SIGTERM');
    expect(await page.text()).toContain('<title>Dyno');
    expect(app.said.stderr).toContain('No window, because there is no display');
    expect(app.said.stderr).toContain('npx install-electron');
    expect(await app.exited).toBe(0);
  });

  it('stops on one Ctrl-C, which a terminal and npm both send, and leaves nothing behind', async () => {
    const app = await startApp(['--port', '0', '--no-open']);
    const children = descendantsOf(app.pid);
    const note = join(home, 'data', 'host.json');
    const wasAnnounced = existsSync(note);
    app.kill('SIGINT');
    app.kill('SIGINT');
    expect(await app.exited).toBe(0);
    expect([wasAnnounced, existsSync(note), alive(children)]).toEqual([true, false, []]);
  });

  it('ends with npm, though npm stops only the shell in between', async () => {
    const app = await startApp(['--port', '0', '--no-open'], { command: throughNpm });
    const children = descendantsOf(app.pid);
    app.kill('SIGTERM');
    await app.exited;
    expect(children.length).toBeGreaterThan(0);
    await expect.poll(() => alive(children), { timeout: 20_000 }).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('npm start with an Electron', () => {
  it('falls back to browser mode when the window cannot open, in the words of its reason', async () => {
    const script = 'echo "ERROR: Missing X server or \\$DISPLAY" >&2; exit 1';
    const folder = writeFakeElectron(join(home, 'electron'), script);
    const app = await startApp(['--no-open'], {
      env: { DISPLAY: ':none', ELECTRON_OVERRIDE_DIST_PATH: folder },
    });
    app.kill('SIGTERM');
    expect(app.said.stderr).toContain('No window, because the display cannot be opened.');
    expect(await app.exited).toBe(0);
  });
});
