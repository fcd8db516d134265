import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

/** Chromium flags for a machine without a display and without a network. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
];

interface StubBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/**
 * The browser that shows the stand-in's windows. Its DevTools address is written to STUB_ENDPOINT_FILE, where the test
 * connects to drive the same pages. Its first page stays blank, so that it lives on when all windows are closed.
 */
const launch = async (): Promise<StubBrowser> => {
  const profile = mkdtempSync(join(tmpdir(), 'dyno-stub-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.DYNO_TEST_BROWSER ?? '/usr/bin/chromium',
    headless: true,
    viewport: null,
    handleSIGINT: false, // the app under test decides what a signal means
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: flags,
  });
  const [port = ''] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8')).split('\n');
  const endpointFile = process.env.STUB_ENDPOINT_FILE;
  if (endpointFile !== undefined) writeFileSync(endpointFile, `http://127.0.0.1:${port}`);
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
};

let launched: Promise<StubBrowser> | undefined;

export const openBrowser = async (): Promise<BrowserContext> => (await (launched ??= launch())).context;

export const closeBrowser = async (): Promise<void> => (await launched)?.close();
