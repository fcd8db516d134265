import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browserPath } from '../support/browser.ts';
import {
  findElectron,
  mainFile,
  registerFile,
  root,
  startElectron,
  startStandIn,
  type Desktop,
} from '../support/desktop.ts';
import { writeFakeElectron } from '../support/fake-electron.ts';
import { alive, descendantsOf } from '../support/process-tree.ts';
import { freePort } from '../support/browser-mode.ts';

/**
 * The compiled main, preload and renderer bundles together, with real children: on the stand-in for Electron, and the
 * same on a real Electron where one is installed. The steps build on one another.
 */
const electron = findElectron();
const reason = 'reason' in electron ? electron.reason : undefined;
if (reason !== undefined) console.log(`Not on a real Electron: ${reason}.`);

const isHealthy = async (port: number): Promise<boolean> => {
  const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined); // not there yet
  return answer?.ok === true;
};

type Start = (options: { readonly home: string; readonly drops: string }) => Promise<Desktop>;
const shells: readonly (readonly [string, Start | undefined])[] = [
  ['the stand-in', startStandIn],
  [
    'a real Electron',
    'executable' in electron ? (options) => startElectron(electron.executable, options) : undefined,
  ],
];

/** What the app did with the system, noted in the main process by replaced functions. */
interface Notes {
  readonly opened: string[];
  readonly tray: string[];
  readonly power: string[];
  /** Addresses of the pages that asked for the contract. */
  readonly asked: string[];
  /** Channels on which a port was handed over. */
  readonly ports: string[];
  readonly engines: { readonly pid: number | undefined }[];
}
type Words = Exclude<keyof Notes, 'engines'>;
type WithNotes = typeof globalThis & { notes: Notes };

describe.each(shells)('the desktop app on %s', (_name, start) => {
  if (start === undefined) {
    it.skip(`is not tested: ${reason ?? ''}`, () => undefined);
    return;
  }

  let home: string;
  let drops: string;
  let app: Desktop;
  let page: Page;
  let serverPort: number;

  const notes = (key: Words) =>
    app.evaluate((_electron, wanted) => (globalThis as WithNotes).notes[wanted], key);
  const noted = async (key: Words, pattern: RegExp): Promise<void> => {
    await expect.poll(() => notes(key), { timeout: 30_000 }).toContainEqual(expect.stringMatching(pattern));
  };
  const openPage = async (name: string): Promise<void> => {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
  };
  const chat = async (text: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.keyboard.press('Enter');
    await page
      .getByText(/^ended by \w+/)
      .last()
      .waitFor({ timeout: 30_000 });
  };
  const homeIsThere = () =>
    page
      .getByRole('link', { name: /Dyno Demo/ })
      .first()
      .waitFor();

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'dyno-desktop-'));
    drops = join(home, 'drops');
    await mkdir(drops);
    app = await start({ home, drops });
    page = await app.page();
    await app.evaluate(
      ({ app: main, ipcMain, shell, Tray, powerSaveBlocker, utilityProcess, BrowserWindow }) => {
        const kept: Notes = { opened: [], tray: [], power: [], asked: [], ports: [], engines: [] };
        Object.assign(globalThis, { notes: kept });
        shell.openExternal = (url) => {
          kept.opened.push(url);
          return Promise.resolve();
        };
        const setToolTip = Tray.prototype.setToolTip;
        Tray.prototype.setToolTip = function (text) {
          kept.tray.push(text);
          setToolTip.call(this, text);
        };
        const { start: startBlocker, stop: stopBlocker } = powerSaveBlocker;
        powerSaveBlocker.start = (type) => {
          kept.power.push(`start ${type}`);
          return startBlocker.call(powerSaveBlocker, type);
        };
        powerSaveBlocker.stop = (id) => {
          kept.power.push('stop');
          return stopBlocker.call(powerSaveBlocker, id);
        };
        const { fork } = utilityProcess;
        utilityProcess.fork = (...args) => {
          const child = fork.apply(utilityProcess, args);
          if (args[0].includes('engine')) kept.engines.push(child);
          return child;
        };
        ipcMain.on('dyno:connect', ({ senderFrame }) => kept.asked.push(senderFrame?.url ?? ''));
        const watch = (contents: Electron.WebContents): void => {
          const { postMessage } = contents;
          contents.postMessage = (channel, ...rest) => {
            kept.ports.push(channel);
            postMessage.call(contents, channel, ...rest);
          };
        };
        main.on('web-contents-created', (_event, contents) => watch(contents));
        for (const { webContents } of BrowserWindow.getAllWindows()) watch(webContents);
      },
      null,
    );
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  it('shows the bundled model and live readings, over the one MessagePort', async () => {
    await homeIsThere();
    await page
      .getByRole('region', { name: 'Status' })
      .getByText(/\d free\)/)
      .waitFor();
  });

  it('gives the page no Node, one small bridge, and a strict policy', async () => {
    const seen = await page.evaluate(async () => {
      const answer = await fetch('/');
      const inline = document.createElement('script');
      inline.textContent = 'window.inlineRan = true';
      document.head.append(inline);
      return {
        bridge: Object.keys((window as never as { dynoDesktop: object }).dynoDesktop),
        hasNode: 'require' in window || 'process' in window,
        policy: answer.headers.get('content-security-policy')?.split(';')[0],
        missing: (await fetch('/no-such-file.js')).status,
        inlineRan: 'inlineRan' in window,
      };
    });
    expect(seen).toEqual({
      bridge: ['pathForFile'],
      hasNode: false,
      policy: "default-src 'none'",
      missing: 404,
      inlineRan: false,
    });
  });

  it('tells the screens the real path of a dropped file', async () => {
    const path = join(drops, 'dropped.gguf');
    await writeFile(path, 'GGUF');
    await page.evaluate(() => {
      const input = document.createElement('input');
      Object.assign(input, { type: 'file', id: 'drop-test' });
      document.body.append(input);
    });
    await page.setInputFiles('#drop-test', path);
    const told = await page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('#drop-test');
      const file = input?.files?.[0];
      input?.remove();
      const { dynoDesktop } = window as never as {
        dynoDesktop: { pathForFile(file: File | undefined): string };
      };
      return dynoDesktop.pathForFile(file);
    });
    expect(told).toBe(path);
  });

  it('opens links in the system browser, https only, and no windows', async () => {
    const windows = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length, null);
    await page.evaluate(() => {
      window.open('file:///etc/passwd');
      window.open('https://example.invalid/model');
    });
    await noted('opened', /^https:\/\/example\.invalid\/model$/);
    expect([await notes('opened'), await windows()]).toEqual([['https://example.invalid/model'], 1]);
  });

  it('does not let a page leave', async () => {
    let visits = 0;
    const server = createServer((_request, response) => {
      visits += 1;
      response.end('elsewhere');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await page.evaluate((url) => {
      location.href = url;
    }, `http://127.0.0.1:${port}/`);
    await homeIsThere();
    const url = await app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL(),
      null,
    );
    server.closeAllConnections(); // the browser connects ahead of a request
    await new Promise((resolve) => server.close(resolve));
    expect([visits, url]).toEqual([0, 'app://dyno/']);
  });

  it('gives no port to a frame inside the page', async () => {
    const before = (await notes('ports')).length;
    const asked = (await notes('asked')).length;
    await page.evaluate(() => document.body.append(document.createElement('iframe')));
    const frame = page.frames().find((candidate) => candidate.parentFrame() !== null);
    await frame?.evaluate(() => parent.postMessage('dyno:ready', '*'));
    await page.evaluate(() => {
      document.querySelector('iframe')?.remove();
      window.postMessage('dyno:ready', '*'); // an honest question comes after it, and is answered
    });
    await expect.poll(() => notes('ports')).toHaveLength(before + 1);
    expect(frame).toBeDefined();
    expect(await notes('asked')).toHaveLength(asked + 1);
  });

  it('gives no port to a foreign page, and a new one to its own after it', async () => {
    const load = (url: string) =>
      app.evaluate(async ({ BrowserWindow }, address) => {
        await BrowserWindow.getAllWindows()[0]?.loadURL(address);
      }, url);
    const before = (await notes('ports')).length;
    await load("data:text/html,<script>window.postMessage('dyno:ready','*')</script>");
    await noted('asked', /^data:/);
    expect(await notes('ports')).toHaveLength(before);
    await load('app://dyno/');
    await homeIsThere();
    await page.reload();
    await homeIsThere();
    expect(await notes('ports')).toHaveLength(before + 2);
  });

  it('serves from a utility process, answers in the playground, and says so in the tray', async () => {
    serverPort = await freePort();
    await openPage('Settings');
    await page.getByLabel('Server port').fill(String(serverPort));
    await page.getByLabel('Server port').blur();
    await page.getByText('Saved.').waitFor();
    await openPage('Server');
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByText(`http://127.0.0.1:${serverPort}/v1`, { exact: true }).waitFor({ timeout: 30_000 });
    await chat('Hello, who are you?');
    await noted('tray', new RegExp(`^Dyno: serving .* on port ${serverPort}$`));
    const engines = await app.evaluate(
      () => (globalThis as WithNotes).notes.engines.map(({ pid }) => pid),
      null,
    );
    expect(alive(descendantsOf(app.pid))).toEqual(expect.arrayContaining(engines));
  });

  it('lives on when an engine is killed, and answers again', async () => {
    const [killed] = await app.evaluate(() => {
      const { engines } = (globalThis as WithNotes).notes;
      return engines.map(({ pid }) => pid);
    }, null);
    process.kill(killed ?? 0, 'SIGKILL');
    const restarted = () => app.evaluate(() => (globalThis as WithNotes).notes.engines.length, null);
    await expect.poll(restarted, { timeout: 30_000 }).toBe(2);
    await page.reload();
    await page.getByText(`http://127.0.0.1:${serverPort}/v1`, { exact: true }).waitFor({ timeout: 30_000 });
    await expect.poll(() => isHealthy(serverPort), { timeout: 30_000 }).toBe(true);
    await chat('And now?');
    expect(await readFile(join(home, 'data', 'dyno.log'), 'utf8')).toContain('SIGKILL');
  });

  it('keeps the machine awake while a benchmark runs', async () => {
    await openPage('Home');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await noted('power', /^start prevent-app-suspension$/);
    await page
      .getByRole('button', { name: /^Cancel: .*comparison/ })
      .first()
      .click();
    await noted('power', /^stop$/);
  });

  it('shows its window when it is started a second time', async () => {
    const isVisible = await app.evaluate(({ app: main, BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.hide();
      main.emit('second-instance', {}, ['dyno'], '/');
      return BrowserWindow.getAllWindows()[0]?.isVisible();
    }, null);
    expect(isVisible).toBe(true);
  });

  it('goes on serving without a window, and opens a new one when asked', async () => {
    await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.setBounds({ x: 40, y: 30, width: 1200, height: 820 });
      window?.close();
    }, null);
    await expect
      .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length, null))
      .toBe(0);
    expect(await isHealthy(serverPort)).toBe(true);
    await app.evaluate(({ app: main }) => main.emit('second-instance', {}, ['dyno'], '/'), null);
    page = await app.page();
    await page.getByText(/serving Dyno Demo/).waitFor();
  });

  it('ends with all its children and without an error', async () => {
    const children = descendantsOf(app.pid);
    expect(children.length).toBeGreaterThan(1);
    process.kill(app.pid, 'SIGTERM');
    expect(await app.exited).toBe(0);
    expect(alive(children)).toEqual([]);
  });

  it('comes back where its window was, and ends with it when there is nothing to do', async () => {
    app = await start({ home, drops });
    page = await app.page();
    await homeIsThere();
    const bounds = await app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds(),
      null,
    );
    expect(bounds).toEqual({ x: 40, y: 30, width: 1200, height: 820 });
    const children = descendantsOf(app.pid);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close(), null);
    expect(await app.exited).toBe(0);
    expect(alive(children)).toEqual([]);
  });
});

describe('starting the desktop app', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'dyno-launch-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('npm start opens the window, and a signal to it closes everything in order', async () => {
    const endpointFile = join(home, 'endpoint');
    const standIn = `exec '${process.execPath}' --import '${registerFile}' '${mainFile}'`;
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [join(root, 'scripts/start.js')], {
      cwd: root,
      env: {
        PATH,
        HOME: home,
        DISPLAY: ':stand-in',
        DYNO_HOME: join(home, 'data'),
        DYNO_TEST_BROWSER: browserPath(),
        STUB_ENDPOINT_FILE: endpointFile,
        ELECTRON_OVERRIDE_DIST_PATH: writeFakeElectron(join(home, 'electron'), standIn),
        ELECTRON_RUN_AS_NODE: '1', // as in the terminal of an editor
      },
      stdio: 'inherit',
    });
    const exited = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    await expect.poll(() => existsSync(endpointFile), { timeout: 60_000 }).toBe(true);
    const children = descendantsOf(child.pid ?? 0);
    child.kill('SIGINT');
    child.kill('SIGINT'); // a terminal and npm both send it
    expect(await exited).toBe(0);
    expect([children.length > 1, alive(children)]).toEqual([true, []]);
  });

  it('a second instance leaves the data alone and ends', () => {
    const done = spawnSync(process.execPath, ['--import', registerFile, mainFile], {
      env: { HOME: home, DYNO_HOME: join(home, 'data'), STUB_SECOND_INSTANCE: '1' },
      encoding: 'utf8',
    });
    expect([done.status, existsSync(join(home, 'data', 'dyno.db'))]).toEqual([0, false]);
  });
});
