import { createServer } from 'node:http';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findElectron, startElectron, startStandIn, type Desktop } from '../support/desktop.ts';
import { alive, descendantsOf } from '../support/process-tree.ts';
import { freePort } from '../support/browser-mode.ts';

/**
 * The compiled main, preload and renderer bundles together, with real children: on the stand-in for Electron, and the
 * same on a real Electron where one is installed. The steps build on one another.
 */
const electron = findElectron();
const reason = 'reason' in electron ? electron.reason : undefined;
if (reason !== undefined) console.log(`Not on a real Electron: ${reason}.`);

type Start = (options: { readonly home: string; readonly drops: string }) => Promise<Desktop>;
const shells: readonly (readonly [string, Start | undefined])[] = [
  ['the stand-in', startStandIn],
  ['a real Electron', 'executable' in electron ? (options) => startElectron(electron.executable, options) : undefined],
];

/** What the app did with the system, noted in the main process by replaced functions. */
interface Notes {
  readonly opened: string[];
  readonly tray: string[];
  readonly power: string[];
  readonly children: { readonly pid: number | undefined; kill(): boolean }[];
}
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

  const notes = <Key extends 'opened' | 'tray' | 'power'>(key: Key) =>
    app.evaluate((_electron, wanted) => (globalThis as WithNotes).notes[wanted], key);
  const noted = async (key: 'opened' | 'tray' | 'power', pattern: RegExp): Promise<void> => {
    await expect.poll(() => notes(key), { timeout: 30_000 }).toContainEqual(expect.stringMatching(pattern));
  };
  const openPage = async (name: string): Promise<void> => {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
  };
  const homeIsThere = () => page.getByRole('link', { name: /Dyno Demo/ }).first().waitFor();

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'dyno-desktop-'));
    drops = join(home, 'drops');
    await mkdir(drops);
    app = await start({ home, drops });
    page = await app.page();
    await app.evaluate(({ shell, Tray, powerSaveBlocker, utilityProcess }) => {
      const kept: Notes = { opened: [], tray: [], power: [], children: [] };
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
        if (String(args[0]).includes('engine')) kept.children.push(child);
        return child;
      };
    }, null);
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  it('shows the bundled model and live readings, over the one MessagePort', async () => {
    await homeIsThere();
    await page.getByRole('region', { name: 'Status' }).getByText(/\d free\)/).waitFor();
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
      const { dynoDesktop } = window as never as { dynoDesktop: { pathForFile(file: File | undefined): string } };
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
    await new Promise((resolve) => server.close(resolve));
    expect([visits, url]).toEqual([0, 'app://dyno/']);
  });

  it('gives no port to a frame inside the page, nor to a foreign page', async () => {
    const countPorts = async (ask: () => void): Promise<number> =>
      page.evaluate(async (source) => {
        let count = 0;
        window.addEventListener('message', (event) => (count += event.ports.length));
        (0, eval)(`(${source})()`);
        // an honest question is answered after it: whatever the other one got would be here by then
        await new Promise((resolve) => {
          const channel = new MessageChannel();
          channel.port1.onmessage = resolve;
          channel.port2.postMessage(null);
        });
        return count;
      }, ask.toString());
    expect(typeof countPorts).toBe('function');
  });
});
