import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, startStandIn, type Desktop } from '../support/desktop.ts';

/** What only the stand-in can be asked: the handlers that the compiled main bundle has set. */
describe('the desktop app', () => {
  let home: string;
  let app: Desktop;
  let page: Page;
  const homeIsThere = () =>
    page
      .getByRole('link', { name: /Dyno Demo/ })
      .first()
      .waitFor();

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'dyno-guards-'));
    const drops = join(home, 'drops');
    await mkdir(drops);
    app = await startStandIn({ home, drops });
    page = await app.page();
    await homeIsThere();
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  it('lets its own page write the clipboard, and nothing else', async () => {
    const answers = await app.evaluate(({ BrowserWindow, session }) => {
      const [window] = BrowserWindow.getAllWindows();
      const { askPermission, checkPermission } = (
        session as never as {
          stubPermissions(): {
            askPermission(contents: unknown, permission: string, decide: (isAllowed: boolean) => void): void;
            checkPermission(contents: unknown, permission: string, origin: string): boolean;
          };
        }
      ).stubPermissions();
      const asked: boolean[] = [];
      for (const permission of ['clipboard-sanitized-write', 'media', 'geolocation', 'notifications'])
        askPermission(window?.webContents, permission, (isAllowed) => asked.push(isAllowed));
      return {
        asked,
        checked: ['app://dyno/', 'https://example.invalid/'].map((origin) =>
          checkPermission(null, 'clipboard-sanitized-write', origin),
        ),
      };
    }, null);
    expect(answers).toEqual({ asked: [true, false, false, false], checked: [true, false] });
  });

  it('attaches no web view', async () => {
    const isPrevented = await app.evaluate(({ BrowserWindow }) => {
      let prevented = false;
      const [window] = BrowserWindow.getAllWindows();
      window?.webContents.emit('will-attach-webview', { preventDefault: () => (prevented = true) }, {}, {});
      return prevented;
    }, null);
    expect(isPrevented).toBe(true);
  });

  it('adds the model that is chosen by “Open model…” in its menu', async () => {
    const path = join(home, 'drops', 'opened-by-menu.gguf');
    await copyFile(join(root, 'resources/model/dyno-demo-4m-f16.gguf'), path);
    await app.evaluate(({ dialog, Menu }, chosen) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
      // the stand-in's menu is its template
      const menu = Menu.getApplicationMenu() as never as {
        readonly label?: string;
        readonly submenu?: readonly { readonly label?: string; readonly click?: () => void }[];
      }[];
      const file = menu.find(({ label }) => label === '&File');
      file?.submenu?.find(({ label }) => label === 'Open model…')?.click?.();
    }, path);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Models' }).click();
    await page.getByRole('link', { name: 'opened-by-menu' }).waitFor();
  });

  it('brings its page back when the page’s process crashed', async () => {
    await page.evaluate(() => Object.assign(window, { isOldPage: true }));
    await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    }, null);
    await page.waitForFunction(() => !('isOldPage' in window));
    await page.getByRole('link', { name: 'opened-by-menu' }).waitFor();
  });
});
