import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { serveFakeHost, type Screens } from './fake-app-host/serve.ts';
import { createFakeHost } from './fake-app-host/state.ts';

export interface ScreenOptions extends BrowserContextOptions {
  /** Nothing was measured yet. */
  readonly isFresh?: boolean;
  /** Pace of the fake measurements. */
  readonly tickMs?: number;
}

export const goTo = (page: Page, hash: string): Promise<void> =>
  page.evaluate((next) => {
    location.hash = next;
  }, hash);

/** The built screens before a fake host, at a page. Ends with its scope. */
export const openScreens = async (
  { browser, screens }: { readonly browser: Browser; readonly screens: Screens },
  hash: string,
  { isFresh = false, tickMs = 8, ...options }: ScreenOptions = {},
) => {
  const host = createFakeHost({ isFresh, tickMs });
  const web = await serveFakeHost(screens, host);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(web.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await goTo(page, hash);
  return {
    host,
    web,
    page,
    faults,
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await web[Symbol.asyncDispose]();
    },
  };
};
