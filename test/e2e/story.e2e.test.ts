import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccessibilityFaults, horizontalOverflow, launchBrowser } from '../support/browser.ts';
import { freePort, startBrowserModeProcess, type BrowserMode } from '../support/browser-mode.ts';

/**
 * A new user on a fresh machine, from the first look to an answer of the served model: the real host, real llama.cpp,
 * a real browser. The steps build on one another; screenshots of each go to test-results/.
 */
const pictures = fileURLToPath(new URL('../../test-results/story/', import.meta.url));
const RUN_MS = 240_000;

let browser: Browser;
let host: BrowserMode;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  [browser, host] = await Promise.all([launchBrowser(), startBrowserModeProcess()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(host.url);
});
afterAll(async () => {
  await browser.close();
  await host[Symbol.asyncDispose]();
});

/** What every page must be: free of errors and accessibility faults, and no wider than its window. */
const expectSound = async (name: string): Promise<void> => {
  const axe = await findAccessibilityFaults(page);
  const overflow = await horizontalOverflow(page);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  expect({ axe, overflow, faults }).toEqual({ axe: [], overflow: 0, faults: [] });
};

const openPage = async (name: string): Promise<void> => {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
};

describe('the story of a new user', () => {
  it('Home shows the machine and the model that ships with Dyno', async () => {
    await page.getByText('llama.cpp').first().waitFor();
    await page.getByRole('link', { name: /Dyno Demo/ }).waitFor();
    await expectSound('01-home');
  });

  it(
    'one press on Run makes three quantizations, measures and judges all four files live, over a reload of the page',
    async () => {
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByText('make the file').first().waitFor({ timeout: 60_000 });
      await page.reload(); // the host makes and measures; the page only watches
      await page.getByRole('heading', { name: 'Phases' }).waitFor({ timeout: 60_000 });
      await page.getByRole('img', { name: 'done' }).first().waitFor({ timeout: RUN_MS });
      await expectSound('02-live');
      await page.getByRole('button', { name: 'Report' }).waitFor({ timeout: RUN_MS });
    },
    RUN_MS,
  );

  it('the comparison names the file to take and shows every figure with its spread', async () => {
    // On a busy machine the sentence may say that the files cannot be told apart; it always names the one to take.
    await page
      .getByText(/(Q8_0|Q4_K_M).*\./)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Serve this one' }).waitFor();
    const rows = page.getByRole('group', { name: 'Comparison' }).getByRole('rowheader');
    expect((await rows.allInnerTexts()).map((text) => text.split('\n')[0])).toEqual([
      'F16',
      'Q8_0',
      'Q4_K_M',
      'Q2_K',
    ]);
    await page
      .getByText(/± \S+ n \d/)
      .first()
      .waitFor();
    await page.getByRole('heading', { name: 'Speed against quality' }).waitFor();
    await page.getByRole('columnheader', { name: /KLD/ }).waitFor();
    await expectSound('03-comparison');
  });

  it('measurements, timeline, raw samples and setup stand behind it', async () => {
    const parts = [
      ['Measurements', 'closed-loop'],
      ['Timeline', 'tints are their phases'],
      ['Raw samples', 'Output tokens'],
      ['Setup', 'dyno shootout'],
    ] as const;
    for (const [tab, text] of parts) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByText(text).first().waitFor();
      await expectSound(`04-${tab.toLowerCase().replace(' ', '-')}`);
    }
  });

  it('the report can be downloaded as one HTML file', async () => {
    await page.getByRole('button', { name: 'Report' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'HTML' }).click(),
    ]);
    const html = readFileSync(await download.path(), 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain('Q4_K_M');
  });

  it('the recommended file is served on the port of the settings', async () => {
    const port = await freePort();
    await openPage('Settings');
    await page.getByLabel('Server port').fill(String(port));
    await page.getByLabel('Server port').blur();
    await page.getByText('Saved.').waitFor();
    await expectSound('05-settings');
    await page.goBack();
    await page.getByRole('button', { name: 'Serve this one' }).click();
    await page.getByText(`http://127.0.0.1:${port}/v1`, { exact: true }).waitFor({ timeout: 30_000 });
  });

  it('the playground answers through the server, with TTFT and speed', async () => {
    await page.getByRole('textbox', { name: 'Message' }).fill('Hello, who are you?');
    await page.keyboard.press('Enter');
    await page.getByText(/^ended by /).waitFor({ timeout: 30_000 });
    await page
      .getByText(/\d t\/s/)
      .first()
      .waitFor();
    await page.getByRole('group', { name: 'Requests' }).getByText('200 stop').first().waitFor();
    await expectSound('06-server');
  });

  it('Models holds the new files, and Bench the run', async () => {
    await openPage('Models');
    await page.getByRole('group', { name: 'Models' }).getByText('Q4_K_M', { exact: true }).waitFor();
    await expectSound('07-models');
    await openPage('Bench');
    await page.getByRole('link', { name: /First comparison/ }).waitFor();
    await expectSound('08-bench');
  });

  it('Hardware reads the machine live and names what it cannot read', async () => {
    await openPage('Hardware');
    await page.getByRole('region', { name: 'Live readings' }).getByText('Memory used').waitFor();
    await page.getByText('Disk space').waitFor({ timeout: 30_000 });
    await expectSound('09-hardware');
  });

  it('after a reload everything is still there', async () => {
    await page.reload();
    await openPage('Home');
    await page.getByRole('heading', { name: 'Last result' }).waitFor();
    await page.getByText(/serving Dyno Demo/).waitFor();
    await page.getByText('3 files against F16').waitFor();
    await expectSound('10-home-after');
  });
});
