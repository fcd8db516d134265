import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import axe from 'axe-core';
import { AppError } from '../../shared/errors/app-error.ts';

const candidates = [
  process.env.DYNO_TEST_BROWSER,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The machine's own Chrome, Chromium or Edge. */
export const browserPath = (): string => {
  const executablePath = candidates.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) {
    throw new AppError('files.not-found', 'No Chrome, Chromium or Edge was found.', {
      hint: 'Install one, or set DYNO_TEST_BROWSER to its path.',
    });
  }
  return executablePath;
};

/** Starts the machine's own Chromium with nothing that would reach for a network. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: browserPath(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** What axe finds on the page: rule, and the first element that breaks it. Empty = clean. */
export const findAccessibilityFaults = async (page: Page): Promise<readonly string[]> => {
  // Into the page's own world by the debugger, so that the product's content security policy stays as it is.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: runner } = window as unknown as { readonly axe: typeof axe };
    const { violations } = await runner.run(document, { resultTypes: ['violations'] });
    return violations.map(
      (fault) =>
        `${fault.id}: ${fault.nodes[0]?.target.join(' ') ?? ''} ${fault.nodes[0]?.failureSummary ?? ''}`,
    );
  });
};

/** Pixels by which the page is wider than its window; 0 = no horizontal scrolling. */
export const horizontalOverflow = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const main = document.querySelector('main');
    return Math.max(
      document.documentElement.scrollWidth - window.innerWidth,
      main === null ? 0 : main.scrollWidth - main.clientWidth,
    );
  });
