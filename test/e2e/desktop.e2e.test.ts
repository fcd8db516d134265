import { createServer } from 'node:http';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findElectron, startElectron, startStandIn, type Desktop } from '../support/desktop.ts';
import { takeNotes, type DesktopNotes, type NoteKind } from '../support/desktop-notes.ts';
import { alive, descendantsOf } from '../support/process-tree.ts';
import { importFixture } from '../support/import-fixture.ts';
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
  let notes: DesktopNotes;

  const noted = async (key: NoteKind, pattern: RegExp): Promise<void> => {
    await expect
      .poll(() => notes.read(key), { timeout: 30_000 })
      .toContainEqual(expect.stringMatching(pattern));
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
    notes = await takeNotes(app);
    await homeIsThere();
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
    expect([await notes.read('opened'), await windows()]).toEqual([['https://example.invalid/model'], 1]);
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
    const before = (await notes.read('ports')).length;
    const asked = (await notes.read('asked')).length;
    await page.evaluate(() => document.body.append(document.createElement('iframe')));
    const frame = page.frames().find((candidate) => candidate.parentFrame() !== null);
    await frame?.evaluate(() => parent.postMessage('dyno:ready', '*'));
    await page.evaluate(() => {
      document.querySelector('iframe')?.remove();
      window.postMessage('dyno:ready', '*'); // an honest question comes after it, and is answered
    });
    await expect.poll(() => notes.read('ports')).toHaveLength(before + 1);
    expect(frame).toBeDefined();
    expect(await notes.read('asked')).toHaveLength(asked + 1);
  });

  it('gives no port to a foreign page, and a new one to its own after it', async () => {
    const load = (url: string) =>
      app.evaluate(async ({ BrowserWindow }, address) => {
        await BrowserWindow.getAllWindows()[0]?.loadURL(address);
      }, url);
    const before = (await notes.read('ports')).length;
    await load("data:text/html,<script>window.postMessage('dyno:ready','*')</script>");
    await noted('asked', /^data:/);
    expect(await notes.read('ports')).toHaveLength(before);
    await load('app://dyno/');
    await homeIsThere();
    await page.reload();
    await homeIsThere();
    expect(await notes.read('ports')).toHaveLength(before + 2);
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
    const engines = await notes.enginePids();
    expect(alive(descendantsOf(app.pid))).toEqual(expect.arrayContaining([...engines]));
  });

  it('lives on when an engine is killed, and answers again', async () => {
    const [killed = 0] = await notes.enginePids();
    expect(killed).toBeGreaterThan(0); // 0 would be this very process group
    process.kill(killed, 'SIGKILL');
    await expect.poll(async () => (await notes.enginePids()).length, { timeout: 30_000 }).toBe(2);
    await page.reload();
    await page.getByText(`http://127.0.0.1:${serverPort}/v1`, { exact: true }).waitFor({ timeout: 30_000 });
    await expect.poll(() => isHealthy(serverPort), { timeout: 30_000 }).toBe(true);
    await chat('And now?');
    expect(await readFile(join(home, 'data', 'dyno.log'), 'utf8')).toContain('SIGKILL');
  });

  it('takes in a result by its path, and prints a report as PDF in a window nobody sees', async () => {
    const path = join(drops, 'llama-bench.json');
    await writeFile(path, importFixture('llama-bench.json'));
    await openPage('Bench');
    await page.locator('main input[type=file]').setInputFiles(path);
    await page.getByText('Dyno measured none of it').waitFor();
    const head = page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const { click } = HTMLAnchorElement.prototype;
          HTMLAnchorElement.prototype.click = () => {
            HTMLAnchorElement.prototype.click = click; // the file is looked at, not saved
          };
          const make = URL.createObjectURL.bind(URL);
          URL.createObjectURL = (blob: Blob) => {
            URL.createObjectURL = make;
            void blob.slice(0, 5).text().then(resolve);
            return make(blob);
          };
        }),
    );
    await page.getByRole('button', { name: 'Report' }).click();
    await page.getByRole('menuitem', { name: 'PDF' }).click();
    expect(await head).toBe('%PDF-');
    await expect
      .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length, null))
      .toBe(1);
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
    const gone = page.isClosed() ? Promise.resolve() : page.waitForEvent('close');
    await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.setBounds({ x: 40, y: 30, width: 1200, height: 820 });
      window?.close();
    }, null);
    await expect
      .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length, null))
      .toBe(0);
    await gone; // its page is told of a little later than the window, and must not be taken for the new one
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
