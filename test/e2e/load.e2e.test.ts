import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccessibilityFaults, horizontalOverflow, launchBrowser } from '../support/browser.ts';
import { startBrowserModeProcess, type BrowserMode } from '../support/browser-mode.ts';
import { startScriptedServer } from '../support/scripted-server.ts';

/** Lab, tab Load, as a user meets it: the real host and model, a real browser, and a server that is no model server. */
const pictures = fileURLToPath(new URL('../../test-results/load/', import.meta.url));

let browser: Browser;
let host: BrowserMode;
let page: Page;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  [browser, host] = await Promise.all([launchBrowser(), startBrowserModeProcess()]);
  page = await browser.newPage({ viewport: { width: 1280, height: 1100 }, reducedMotion: 'reduce' });
  await page.goto(host.url);
});
afterAll(async () => {
  await browser.close();
  await host[Symbol.asyncDispose]();
});

const expectSound = async (name: string): Promise<void> => {
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  expect({ axe: await findAccessibilityFaults(page), overflow: await horizontalOverflow(page) }).toEqual({
    axe: [],
    overflow: 0,
  });
};

const openNewRun = async (): Promise<void> => {
  await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('link', { name: 'Lab', exact: true })
    .click();
  await page.getByRole('tab', { name: 'Load' }).click();
  await page.getByRole('heading', { name: 'New load run' }).waitFor();
};
const choose = async (label: string, option: string): Promise<void> => {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};

describe('the Lab’s load', () => {
  it('measures steps of users on the bundled model, live and then as a table', async () => {
    await openNewRun();
    await expectSound('01-form');
    await choose('Shape', 'Step sweep');
    await page.getByRole('textbox', { name: 'Steps' }).fill('1, 4');
    await page.getByRole('textbox', { name: 'Step seconds' }).fill('2');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { name: 'Under load' }).waitFor();
    await page.getByRole('group', { name: 'Stages' }).getByText('2: x4').waitFor({ timeout: 120_000 });
    await page
      .getByRole('button', { name: 'Cancel', exact: true })
      .waitFor({ state: 'detached', timeout: 60_000 });
    const rows = page.getByRole('group', { name: 'Stages' }).getByRole('rowheader');
    expect(await rows.allInnerTexts()).toEqual(['1: x1', '2: x4']);
    await expectSound('02-result');
  });

  it('says what is wrong with an address that leads to a web page, and how to go on', async () => {
    await using server = await startScriptedServer((response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
    });
    await page.getByRole('button', { name: 'New load run' }).click();
    await page.getByText('A server', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Address' }).fill(server.baseUrl);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page
      .getByText(/give the base address of the API/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    await expectSound('03-bad-target');
    await page.getByRole('button', { name: 'New load run' }).click();
    await page.getByRole('group', { name: 'Load runs' }).getByText('failed').waitFor();
  });
});
