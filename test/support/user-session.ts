import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { findAccessibilityFaults, horizontalOverflow, launchBrowser } from './browser.ts';
import { startBrowserModeProcess, type BrowserMode } from './browser-mode.ts';

/** What is wrong with a page: rules of accessibility, pixels wider than the window, errors since the start. */
interface PageFaults {
  readonly axe: readonly string[];
  readonly overflow: number;
  readonly errors: readonly string[];
}

export const noFaults: PageFaults = { axe: [], overflow: 0, errors: [] };

/** A user with a browser before the real host with empty folders. Ends with its scope. */
export interface UserSession extends AsyncDisposable {
  readonly page: Page;
  /** A press in the rail, and the page is there. */
  readonly openPage: (name: string) => Promise<void>;
  readonly chooseOption: (label: string, option: string | RegExp) => Promise<void>;
  /** A screenshot in test-results, and what is wrong with the page as it stands. */
  readonly look: (name: string) => Promise<PageFaults>;
}

const close = async (browser: Browser, host: BrowserMode): Promise<void> => {
  await browser.close();
  await host[Symbol.asyncDispose]();
};

/**
 * Starts host and browser side by side.
 * @param story names the folder of the screenshots.
 */
export const startUserSession = async (story: string): Promise<UserSession> => {
  const pictures = fileURLToPath(new URL(`../../test-results/${story}/`, import.meta.url));
  mkdirSync(pictures, { recursive: true });
  const [browser, host] = await Promise.all([launchBrowser(), startBrowserModeProcess()]);
  const page = await browser.newPage({ viewport: { width: 1280, height: 1100 }, reducedMotion: 'reduce' });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(host.url);
  return {
    page,
    openPage: async (name) => {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
    },
    chooseOption: async (label, option) => {
      await page.getByRole('combobox', { name: label, exact: true }).click();
      await page.getByRole('option', { name: option, exact: true }).click();
    },
    look: async (name) => {
      const axe = await findAccessibilityFaults(page);
      const overflow = await horizontalOverflow(page);
      await page.screenshot({ path: join(pictures, `${name}.png`) });
      return { axe, overflow, errors };
    },
    [Symbol.asyncDispose]: () => close(browser, host),
  };
};
