import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noFaults, startUserSession, type UserSession } from '../support/user-session.ts';

/**
 * What the commands do, by mouse: shoot-out, quality, synthetic file, load, noise floor, comparison, report. The real
 * host, real llama.cpp, a real browser. The steps build on one another; screenshots go to test-results/.
 */
const heldOutText = fileURLToPath(new URL('../../resources/text/heldout.txt', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dyno-lab-'));
const bundled = 'dyno-demo-4m-f16';
const MEASURE_MS = 120_000;

let user: UserSession;
let page: Page;

beforeAll(async () => {
  user = await startUserSession('lab');
  page = user.page;
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const expectSound = async (name: string): Promise<void> => {
  expect(await user.look(name)).toEqual(noFaults);
};

const button = (name: string) => page.getByRole('button', { name, exact: true });
const field = (name: string) => page.getByRole('textbox', { name, exact: true });
const table = (name: string) => page.getByRole('group', { name, exact: true });

/** Opens a part of the Lab by its tab. */
const openLab = async (tab: string): Promise<void> => {
  await user.openPage('Lab');
  await page.getByRole('tab', { name: tab }).click();
};

/** A tick box by the exact word that stands in its label beside other figures. */
const tickBox = (group: string, word: string) =>
  table(group)
    .locator('label')
    .filter({ has: page.getByText(word, { exact: true }) })
    .getByRole('checkbox');

/** Opens a report by the file dialog. */
const openReport = async (name: string, text: string): Promise<void> => {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button('Open file').click()]);
  await chooser.setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
};

const closeDialog = async (): Promise<void> => {
  await page.getByRole('dialog').getByText('Close', { exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
};

describe('the benchmark lab by mouse', () => {
  it(
    'a shoot-out makes the ticked type, measures both files, and judges them on the user’s own text',
    async () => {
      const text = join(folder, 'own.txt');
      writeFileSync(text, readFileSync(heldOutText, 'utf8').slice(0, 12_000));
      await user.openPage('Bench');
      await page.getByRole('link', { name: 'Shoot-out', exact: true }).click();
      await tickBox('Models to measure', bundled).check();
      for (const type of ['Q6_K', 'Q4_K_M', 'Q4_0', 'Q2_K']) await tickBox('Quantizations', type).uncheck();
      await page.getByText(/^2 files, speed in turns/).waitFor();
      await field('Text').fill(text);
      await page.getByRole('radio', { name: /^Community/ }).check();
      await expectSound('01-shootout-form');
      await button('Start').click();
      await page.getByRole('heading', { name: 'Phases' }).waitFor();
      await page.getByText('make the file').first().waitFor();
      await button('Report').waitFor({ timeout: MEASURE_MS });
      await page.getByRole('heading', { name: 'Speed against quality' }).waitFor();
      await button('Serve this one').waitFor();
      const judged = table('Comparison').getByRole('row', { name: /^Q8_0/ });
      // the error of the mean KLD over its positions: no other figure of the table has a thousand values
      await judged.getByText(/± \S+ n \d,\d{3}$/).waitFor();
      await expectSound('02-shootout');
    },
    MEASURE_MS,
  );

  it(
    'Quality judges a candidate against its base, with the error, the count and the conditions',
    async () => {
      await openLab('Quality');
      await page.getByRole('combobox', { name: 'Candidates' }).click();
      await page.getByRole('option', { name: /q8_0/i }).click();
      await page.keyboard.press('Escape');
      await field('Windows').fill('6');
      await page.getByRole('switch', { name: 'Ask the tasks, too' }).uncheck();
      await button('Judge').click();
      await page.getByText('6 of 512 tokens, 255 scored in each').waitFor({ timeout: MEASURE_MS });
      const kld = table('Quality').locator('tbody tr').getByRole('cell').nth(1);
      expect(await kld.innerText()).toMatch(/^\d\S* ± \d\S*$/);
      await page.getByText('n 1,530 scored positions').waitFor();
      await expectSound('03-quality');
    },
    MEASURE_MS,
  );

  it(
    'Synthetic foretells the size, makes the file and labels it, and Quality does not offer it',
    async () => {
      await openLab('Synthetic');
      await user.chooseOption('Shape', /^Qwen2\.5 0\.5B/);
      await user.chooseOption('Type', 'Q4_0');
      await field('Layers').fill('1');
      await page.getByText('1 of 24', { exact: true }).waitFor();
      await page.getByText(/^0\.\d+ GiB, .* GiB free$/).waitFor();
      await expectSound('04-synthetic-plan');
      await button('Make the file').click();
      const made = table('Synthetic files').getByRole('rowheader', { name: /synthetic, 1 of 24 layers/ });
      await made.waitFor({ timeout: MEASURE_MS });
      await page.getByText('This file is already there.').waitFor();
      await expectSound('05-synthetic-made');
      await page.getByRole('tab', { name: 'Quality' }).click();
      await page.getByRole('combobox', { name: 'Candidates' }).click();
      await page.getByRole('option', { name: /q8_0/i }).waitFor();
      expect(await page.getByRole('option').count()).toBe(1);
    },
    MEASURE_MS,
  );

  it(
    'Load shows the run live, withholds percentiles with too few values, and remembers it',
    async () => {
      await openLab('Load');
      const parameters = {
        'Prompt tokens': '32',
        'Output tokens': '16',
        Requests: '4',
        'Minimum ms': '500',
        Concurrency: '2',
      };
      for (const [name, value] of Object.entries(parameters)) await field(name).fill(value);
      await button('Start').click();
      await page.getByRole('heading', { name: 'Under load' }).waitFor({ timeout: MEASURE_MS });
      await page.getByRole('heading', { name: 'Latencies, x2' }).waitFor({ timeout: MEASURE_MS });
      await button('Cancel').waitFor({ state: 'detached', timeout: MEASURE_MS });
      const [p50, , , p99] = await table('Latencies')
        .getByRole('row', { name: /^TTFT/ })
        .getByRole('cell')
        .allInnerTexts();
      expect(p50).toMatch(/^[\d.,]+$/);
      expect(p99).toMatch(/needs 368 values, has \d+/);
      await expectSound('06-load');
      await button('New load run').click();
      await table('Load runs')
        .getByRole('row', { name: /closed-loop x2/ })
        .getByText('done', { exact: true })
        .waitFor();
      await expectSound('07-load-history');
    },
    MEASURE_MS,
  );

  it(
    'Hardware begins a calibration of the noise floor, and Cancel ends it',
    async () => {
      await user.openPage('Hardware');
      const panel = page.getByRole('region', { name: 'Noise floor' });
      await panel.getByRole('button', { name: 'Calibrate' }).click();
      await panel.getByRole('status').waitFor({ timeout: 30_000 });
      await panel.getByRole('button', { name: 'Cancel' }).click();
      await panel.getByRole('button', { name: 'Calibrate' }).waitFor({ timeout: 30_000 });
      await expectSound('08-hardware');
      await user.openPage('Bench');
      await table('Runs')
        .getByRole('row', { name: /Noise floor/ })
        .getByText('cancelled', { exact: true })
        .waitFor();
    },
    MEASURE_MS,
  );

  it(
    'two runs side by side: what changed, and every figure of both with its verdict in words',
    async () => {
      await user.openPage('Bench');
      await page.getByRole('link', { name: 'New run', exact: true }).click();
      await tickBox('Models to measure', 'Q8_0').check();
      await page.getByRole('radio', { name: /^Community/ }).check();
      await button('Start').click();
      await button('Report').waitFor({ timeout: MEASURE_MS });
      await user.openPage('Bench');
      for (const name of [/: F16, Q8_0 for/, /: Q8_0 for/])
        await page.getByRole('checkbox', { name }).check();
      await button('Compare 2').click();
      await page.getByRole('heading', { name: 'What changed from A to B' }).waitFor();
      const verdicts = await table('Figures of A and B').locator('td:last-child').allInnerTexts();
      expect(verdicts.length).toBeGreaterThan(0);
      for (const verdict of verdicts) expect(verdict).toMatch(/^(▲ .* better|▼ .* worse|≈ no difference)$/);
      await expectSound('09-compare');
    },
    MEASURE_MS,
  );

  it('their report as JSON is as it was written, and a changed one is found out', async () => {
    await button('Report').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'JSON', exact: true }).click(),
    ]);
    const report = readFileSync(await download.path(), 'utf8');
    await user.openPage('Bench');
    await openReport(download.suggestedFilename(), report);
    await page.getByRole('dialog', { name: 'The report is as it was written' }).waitFor();
    await page.getByText('Data as written').waitFor();
    await expectSound('10-report-valid');
    await closeDialog();
    await openReport(download.suggestedFilename(), report.replace('"Q8_0"', '"Q4_0"'));
    await page.getByRole('dialog', { name: 'The report was changed' }).waitFor();
    await page.getByText('Data changed').waitFor();
    await closeDialog();
  });
});
