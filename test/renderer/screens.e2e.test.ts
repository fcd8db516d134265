import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seal, sealSlot } from '../../electron/bench/report/seal.ts';
import { findAccessibilityFaults, horizontalOverflow, launchBrowser } from '../support/browser.ts';
import { buildScreens, type Screens } from '../support/fake-app-host/serve.ts';
import { importFixture } from '../support/import-fixture.ts';
import { goTo, openScreens, type ScreenOptions } from '../support/open-screens.ts';

let browser: Browser;
let screens: Screens;

beforeAll(async () => {
  [browser, screens] = await Promise.all([launchBrowser(), buildScreens()]);
});
afterAll(async () => {
  await browser.close();
});

const open = (hash: string, options?: ScreenOptions) => openScreens({ browser, screens }, hash, options);

/** Every page, and a text that shows it has its data. */
const pages = [
  ['#/', 'Last result'],
  ['#/models', 'Qwen3-8B-Q6_K'],
  ['#/models/dyno-demo-4m-q4_k_m', 'Memory fit'],
  ['#/bench', 'Q4_K_M after the driver update'],
  ['#/bench/new?models=dyno-demo-4m-f16', 'about 14 s per file'],
  ['#/bench/shootout?model=dyno-demo-4m-f16', 'to be made'],
  ['#/bench/run/run_judged', 'Speed against quality'],
  ['#/bench/run/run_demo', 'take this'],
  ['#/bench/run/run_demo/measurements', 'single-stream'],
  ['#/bench/run/run_demo/timeline', 'tints are their phases'],
  ['#/bench/run/run_demo/samples', 'Output tokens'],
  ['#/bench/run/run_demo/setup', 'Repeat this run'],
  ['#/bench/run/run_bad', 'does not fit in memory'],
  ['#/bench/run/nothing', 'No benchmark run has that id'],
  ['#/bench/compare?runs=run_demo,run_old', 'different conditions'],
  ['#/bench/diff', 'can be dropped here'],
  ['#/lab/sweep', 'Take threads 4'],
  ['#/lab/sweep/sweep_demo', 'Rank 3 of 4'],
  ['#/lab/quality', 'between Q6_K and Q5_K_M of Llama-3-8B'],
  ['#/lab/synthetic', 'Llama 3.2 1B (synthetic)'],
  ['#/server', 'The server is off'],
  ['#/hardware', 'CPU energy counter'],
  ['#/hardware', 'Its measurements'],
  ['#/settings', 'Engine defaults'],
] as const;

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open('#/', { colorScheme, reducedMotion: 'reduce' });
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  it.each(pages)('%s shows its data, has no accessibility fault and no error', async (hash, text) => {
    const { page, faults } = opened;
    await goTo(page, hash);
    await page.getByText(text).first().waitFor();
    expect({ axe: await findAccessibilityFaults(page), faults }).toEqual({ axe: [], faults: [] });
  });
});

describe('from narrow to wide', () => {
  it.each([
    [1024, 100],
    [1280, 200],
    [3840, 100],
  ])('no page scrolls sideways at %i pixels and %i % text', async (width, textPercent) => {
    await using opened = await open('#/', { viewport: { width, height: 800 } });
    const { page } = opened;
    await page.addStyleTag({ content: `:root { font-size: ${textPercent}% !important }` });
    const wide: string[] = [];
    for (const [hash, text] of pages) {
      await goTo(page, hash);
      await page.getByText(text).first().waitFor();
      const overflow = await horizontalOverflow(page);
      if (overflow > 0) wide.push(`${hash} by ${overflow}`);
    }
    expect(wide).toEqual([]);
  });
});

describe('the story', () => {
  const runThrough = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel run' }).waitFor();
  };

  it('one press on Run makes the quantizations, measures them, and ends in the comparison', async () => {
    await using opened = await open('#/', { isFresh: true });
    const { page, faults } = opened;
    await runThrough(page);
    await page.getByText('warming up until').first().waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await page.getByText('Take Q4_K_M').waitFor();
    const table = page.getByRole('group', { name: 'Comparison', exact: true });
    const types = await table.getByRole('rowheader').allInnerTexts();
    expect(types.map((text) => text.split('\n')[0])).toEqual(['F16', 'Q8_0', 'Q4_K_M', 'Q2_K']);
    expect(faults).toEqual([]);
  });

  it('a shoot-out is set up in one step: a model, the types to make, Start', async () => {
    await using opened = await open('#/bench/shootout');
    const { page, host, faults } = opened;
    expect(await page.getByRole('button', { name: 'Start' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: /^dyno-demo-4m-f16/ }).check();
    await page.getByRole('checkbox', { name: /^Q6_K/ }).uncheck();
    await page.getByText('4 files, speed in turns').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('button', { name: 'Cancel run' }).waitFor();
    const started = [...host.runs.values()].at(-1);
    expect(started?.models.map(({ quantization }) => quantization)).toEqual([
      'F16',
      'Q8_0',
      'Q4_K_M',
      'Q2_K',
    ]);
    expect(faults).toEqual([]);
  });

  it('a cancelled run keeps what is finished and says so', async () => {
    await using opened = await open('#/', { isFresh: true, tickMs: 60 });
    const { page } = opened;
    await runThrough(page);
    await page.getByText('1 of 16 measurements done').waitFor();
    await page.getByRole('button', { name: 'Cancel run' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel run' }).click();
    await page.getByText(/This run was cancelled. \d+ of 16 measurements are finished/).waitFor();
  });

  it('a report is downloaded, and the pick is served and answers in the playground', async () => {
    await using opened = await open('#/bench/run/run_demo');
    const { page, faults } = opened;
    await page.getByRole('button', { name: 'Report' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Markdown', exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('dyno-run_demo.md');
    await page.getByRole('button', { name: 'Serve this one' }).click();
    await page.getByText('http://127.0.0.1:7842/v1', { exact: true }).waitFor();
    await page.getByRole('textbox', { name: 'Message' }).fill('What is Q4_K_M?');
    await page.keyboard.press('Enter');
    await page.getByText('ended by stop').waitFor();
    await page.getByText('1,580 t/s').waitFor();
    expect({ axe: await findAccessibilityFaults(page), faults }).toEqual({ axe: [], faults: [] });
  });
});

describe('files from elsewhere', () => {
  it('a result of another tool joins the runs, stands beside one of ours, and says what changed', async () => {
    await using opened = await open('#/bench');
    const { page, faults } = opened;
    await page.locator('input[type=file]').setInputFiles({
      name: 'llama-bench.json',
      mimeType: 'application/json',
      buffer: Buffer.from(importFixture('llama-bench.json')),
    });
    await page.getByText('Dyno measured none of it').waitFor();
    await page.getByText('llama-bench samples_ts').first().waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await goTo(page, '#/bench/compare?runs=run_demo,imp_1');
    await page.getByRole('heading', { name: 'Measured by other tools' }).waitFor();
    await page.getByRole('heading', { name: 'What changed from A to B' }).waitFor();
    expect({ axe: await findAccessibilityFaults(page), faults }).toEqual({ axe: [], faults: [] });
    expect(await horizontalOverflow(page)).toBe(0);
  });

  it('a report that was changed is told from one that was not', async () => {
    await using opened = await open('#/bench');
    const { page } = opened;
    const sealed = seal(`# A report\n\n<!-- ${sealSlot} -->\n`);
    const check = async (text: string, title: string) => {
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'report.md', mimeType: 'text/markdown', buffer: Buffer.from(text) });
      await page.getByRole('dialog').getByText(title).waitFor();
      expect(await findAccessibilityFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Close' }).last().click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await check(sealed, 'The report is as it was written');
    await check(sealed.replace('A report', 'A better report'), 'The report was changed');
  });
});

describe('by keyboard', () => {
  it('the palette reaches every page and action', async () => {
    await using opened = await open('#/');
    const { page } = opened;
    await page.keyboard.press('Control+k');
    await page.getByLabel('Search actions').fill('serve q8');
    const isPageSeen = await page.evaluate(() => {
      const ground = document
        .elementsFromPoint(4, 4)
        .find((element) => getComputedStyle(element).backgroundColor.startsWith('rgb('));
      return (ground?.closest('#root') ?? null) !== null;
    });
    expect(isPageSeen).toBe(true);
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('serving Dyno Demo 4M Q8_0').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByLabel('Search actions').fill('hardware');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Hardware' }).waitFor();
  });

  it('a dialog over the drawer of a model holds the focus; Escape closes it alone and gives the focus back', async () => {
    await using opened = await open('#/models');
    const { page } = opened;
    const opener = page.getByRole('link', { name: 'dyno-demo-4m-f16', exact: true });
    await opener.press('Enter');
    const dialogs = page.getByRole('dialog');
    await dialogs.getByRole('button', { name: 'Quantize…' }).press('Enter');
    const front = page.getByRole('dialog', { name: 'Quantize dyno-demo-4m-f16' });
    await front.getByRole('button', { name: /^Make / }).waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    for (let stop = 0; stop < 12; stop += 1) {
      await page.keyboard.press('Tab');
      expect(await front.locator(':focus').count()).toBe(1);
    }
    await page.keyboard.press('Escape');
    await front.waitFor({ state: 'detached' });
    await dialogs.locator(':focus').getByText('Quantize…').waitFor();
    await page.keyboard.press('Escape');
    await dialogs.waitFor({ state: 'detached' });
    await page.locator('a:focus', { hasText: 'dyno-demo-4m-f16' }).waitFor();
  });

  it('what decides a comparison is on the screen at 1024 pixels, without a sideways scroll', async () => {
    await using opened = await open('#/bench/run/run_judged', { viewport: { width: 1024, height: 800 } });
    const table = opened.page.getByRole('group', { name: 'Comparison', exact: true });
    await table.getByRole('columnheader', { name: /Trust/ }).waitFor();
    expect(await table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  });

  it('a calibration that runs is found again by whoever comes back to the page', async () => {
    await using opened = await open('#/hardware', { tickMs: 60 });
    const { page } = opened;
    const panel = page.getByRole('region', { name: 'Noise floor' });
    await panel.getByRole('button', { name: 'Calibrate' }).click();
    await panel.getByRole('button', { name: 'Cancel' }).waitFor();
    await goTo(page, '#/models');
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    await goTo(page, '#/hardware');
    await panel.getByRole('button', { name: 'Cancel' }).waitFor();
  });

  it('Ctrl and a digit lead to the pages, also from inside a field', async () => {
    await using opened = await open('#/models');
    const { page } = opened;
    await page.getByLabel(/^Filter models/).focus();
    await page.keyboard.press('Control+6');
    await page.getByRole('heading', { level: 1, name: 'Hardware' }).waitFor();
    await page.keyboard.press('Control+3');
    await page.getByRole('heading', { level: 1, name: 'Bench' }).waitFor();
  });

  it('the first stop of the tab key leads past the rail to the page', async () => {
    await using opened = await open('#/bench');
    const { page } = opened;
    await page.getByRole('heading', { level: 1, name: 'Bench' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  it('a metric explains itself', async () => {
    await using opened = await open('#/bench/run/run_demo');
    const { page } = opened;
    await page.getByRole('button', { name: /^TTFT/ }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByText('t_tok1 − t_send').waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
  });
});

describe('charts and files', () => {
  it('every chart is a table at a press', async () => {
    await using opened = await open('#/bench/run/run_demo/timeline');
    const { page } = opened;
    await page.getByRole('button', { name: /^Table:/ }).click();
    await page.getByRole('rowheader', { name: 'Tokens per second' }).first().waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
  });

  it('a live run that is opened anew shows what was measured before', async () => {
    await using opened = await open('#/', { isFresh: true, tickMs: 60 });
    const { page } = opened;
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('2 of 16 measurements done').waitFor();
    await page.reload();
    await page.getByText(/F16 pp512 measured/).waitFor();
    await page.getByText(/[2-9] of 16 measurements done/).waitFor();
  });

  it('a file dropped in a browser asks for its path, which a browser hides', async () => {
    await using opened = await open('#/bench');
    const { page } = opened;
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['GGUF'], 'mine-Q4_0.gguf'));
      return data;
    });
    await page.dispatchEvent('main', 'dragover', { dataTransfer: transfer });
    await page.getByText('Drop a GGUF file').waitFor();
    await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
    await page.getByLabel('Path on the machine that runs Dyno').fill('/models/mine-Q4_0.gguf');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('dialog', { name: 'mine-Q4_0' }).waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
  });
});

describe('when something is wrong', () => {
  it('a lost host is named, and the page goes on where it was when it is back', async () => {
    await using opened = await open('#/models');
    const { page, web, host } = opened;
    await page.getByText('Qwen3-8B-Q6_K').first().waitFor();
    web.setDown(true);
    await page.getByText('No connection to Dyno.').waitFor();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    host.models = host.models.filter((model) => model.id !== 'Qwen3-8B-Q6_K');
    web.setDown(false);
    await page.getByText('No connection to Dyno.').waitFor({ state: 'detached' });
    await page.getByText('Qwen3-8B-Q6_K').waitFor({ state: 'detached' });
  });

  it('a page without its token says how to get in', async () => {
    await using opened = await open('#/');
    const { web } = opened;
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(web.url.replace(/#.*/, ''));
    await page.getByText('This page has no access').waitFor();
    await context.close();
  });

  it('a failed action says what happened, why, and the next step', async () => {
    await using opened = await open('#/models');
    const { page } = opened;
    await page.getByRole('button', { name: 'Add model' }).click();
    await page.getByLabel('Address').fill('hf:nobody/nothing:Q4_K_M');
    await page.getByRole('button', { name: 'Download' }).click();
    await page.getByText('hf:nobody/nothing:Q4_K_M answered 503.').waitFor();
    await page.getByText('The server is busy; try again in a minute.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  it('the token is out of the address as soon as the page is open', async () => {
    await using opened = await open('#/');
    expect(opened.page.url()).not.toContain('token');
  });
});
