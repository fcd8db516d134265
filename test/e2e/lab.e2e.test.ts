import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importFixture } from '../support/import-fixture.ts';
import { startScriptedServer, streamAnswer } from '../support/scripted-server.ts';
import { noFaults, startUserSession, type UserSession } from '../support/user-session.ts';

/**
 * What the commands do, by mouse: shoot-out, quality, pack, synthetic file, load, sweep, noise floor, comparison of runs
 * and of settings, report, diff, import. The real host, real llama.cpp, a real browser. The steps build on one another; screenshots go to test-results/.
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

/** Chooses a file in the dialog that a button opens. */
const chooseFile = async (opener: string, name: string, text: string): Promise<void> => {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(opener).click()]);
  await chooser.setFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
};

/** Opens a report by the file dialog. */
const openReport = (name: string, text: string): Promise<void> => chooseFile('Open file', name, text);

/** Presses something that saves a file, and reads it. */
const saved = async (
  press: () => Promise<void>,
): Promise<{ readonly name: string; readonly text: string }> => {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
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
      await user.chooseOption('Tasks', 'None: text alone');
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
    'Quality takes a text and tasks of the user’s own, writes a pack, and judges against it without the base',
    async () => {
      await chooseFile('Choose a file: Text', 'own.txt', readFileSync(heldOutText, 'utf8').slice(0, 20_000));
      await user.chooseOption('Tasks', 'Tasks of your own');
      const task = { messages: [{ role: 'user', content: 'What is 7 + 8?' }], answer: '15' };
      await chooseFile('Choose a file: Task file', 'own.jsonl', JSON.stringify(task));
      await field('Windows').fill('2');
      await button('Judge').click();
      await page.getByText('own.txt', { exact: true }).waitFor({ timeout: MEASURE_MS });
      await page.getByText(/^\d+ · \d lost, \d won/).waitFor();
      await page.getByText('2 of 512 tokens, 255 scored in each').waitFor(); // what was typed while the file came
      await page.getByRole('button', { name: 'Show: Reference pack' }).click();
      await button('Write the pack').click();
      await page.getByText(/ is being written/).waitFor();
      await expectSound('03-quality-own');
      await page.getByText('A pack', { exact: true }).click();
      await button('Judge').and(page.locator(':enabled')).click({ timeout: MEASURE_MS });
      await table('Quality').getByText('≥ ').waitFor({ timeout: MEASURE_MS });
      await page.getByText('Captured mass').waitFor();
      await expectSound('03-quality-pack');
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
    'Load asks another server the user’s own prompts with his headers, and its report is sealed',
    async () => {
      const teams = new Set<unknown>();
      await using server = await startScriptedServer((response, body, request) => {
        teams.add(request.headers['x-team']);
        streamAnswer(response, body, request);
      });
      await page.getByText('A server', { exact: true }).click();
      await field('Address').fill(server.baseUrl);
      await field('Model name').fill('served');
      await user.chooseOption('Dialect', 'openai-chat');
      await field('Request headers').fill('X-Team: bench');
      await user.chooseOption('Prompts', 'A file of yours');
      await chooseFile('Choose a file: Prompt file', 'own.jsonl', '{"prompt": "Where does the Nile end?"}');
      for (const [name, value] of [
        ['Requests', '4'],
        ['Minimum ms', '300'],
        ['Concurrency', '2'],
      ] as const)
        await field(name).fill(value);
      await button('Start').click();
      await button('Report').waitFor({ timeout: MEASURE_MS });
      await page.getByText(/those of the file$/).waitFor();
      expect([...teams]).toEqual(['bench']);
      expect(JSON.stringify(server.bodies.at(-1))).toContain('Where does the Nile end?');
      await button('Report').click();
      const { name, text } = await saved(() =>
        page.getByRole('menuitem', { name: 'HTML', exact: true }).click(),
      );
      expect(text).not.toContain('X-Team: bench');
      await expectSound('07-load-server');
      await user.openPage('Bench');
      await openReport(name, text);
      await page.getByRole('dialog', { name: 'The report is as it was written' }).waitFor();
      await closeDialog();
    },
    MEASURE_MS,
  );

  it(
    'Sweep tries settings, tells the winner and what noise it allows for',
    async () => {
      await openLab('Sweep');
      await field('Sequences side by side').fill('1, 2');
      await field('Decode, tokens').fill('16');
      await button('Start').click();
      await page.getByText(/^(Take|Keep) /).waitFor({ timeout: MEASURE_MS });
      await page.getByText(/^No noise floor was measured/).waitFor();
      expect(await table('Candidates').locator('tbody tr').count()).toBe(2);
      await table('Candidates').getByRole('columnheader', { name: 't/s of each' }).waitFor();
      await expectSound('07-sweep');
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

  it('two report files by mouse: what changed, then the figures, and an import stands beside a run', async () => {
    const reportOf = (run: RegExp) =>
      saved(async () => {
        await page.getByRole('button', { name: run }).click();
        await page.getByRole('menuitem', { name: 'Report as JSON', exact: true }).click();
      });
    const a = await reportOf(/^More actions for .*: F16, Q8_0$/);
    const b = await reportOf(/^More actions for .*: Q8_0$/);
    await page.getByRole('link', { name: 'What changed', exact: true }).click();
    await chooseFile('Choose file for A', a.name, a.text);
    await chooseFile('Choose file for B', b.name, b.text);
    await page.getByRole('heading', { name: 'What changed from A to B' }).waitFor();
    await table('Figures of A and B')
      .getByText(/better|worse|no difference/)
      .first()
      .waitFor();
    await expectSound('11-diff-files');
    await user.openPage('Bench');
    await chooseFile('Open file', 'llama-bench.json', importFixture('llama-bench.json'));
    await table('Imported figures').getByText('llama-bench', { exact: false }).first().waitFor();
    await expectSound('12-imported');
    await user.openPage('Bench');
    for (const name of [/: pp64, tg16/, /: Q8_0 for/]) await page.getByRole('checkbox', { name }).check();
    await button('Compare 2').click();
    await page
      .getByText(/imported/i)
      .first()
      .waitFor();
    await expectSound('13-import-beside');
  });

  it('files of vLLM, GuideLLM and AIPerf by mouse: their names become ours, with units, side by side with a run', async () => {
    for (const [file, tool, ttft] of [
      ['vllm.json', 'vLLM', /TTFT ms/],
      ['guidellm.json', 'GuideLLM', /TTFT ms/],
      ['aiperf.json', 'AIPerf', /TTFT ms/],
    ] as const) {
      await user.openPage('Bench');
      await chooseFile('Open file', file, importFixture(file));
      const figures = table('Imported figures');
      await figures.getByRole('row', { name: ttft }).first().waitFor();
      expect(await page.getByText(tool, { exact: false }).count()).toBeGreaterThan(0);
    }
    await expectSound('13b-imported-serving');
    await user.openPage('Bench');
    const runs = page.getByRole('checkbox', { name: /: pp64, tg16|river-\d+b/ });
    for (const run of await runs.all()) await run.check();
    await page.getByRole('button', { name: /^Compare \d/ }).click();
    for (const tool of ['vLLM', 'GuideLLM', 'AIPerf'])
      await page.getByRole('cell', { name: tool, exact: false }).first().waitFor();
    await expectSound('13c-imports-beside');
  });

  it(
    'one model under two settings, in turns until it is decided',
    async () => {
      await user.openPage('Bench');
      await page.getByRole('link', { name: 'New run', exact: true }).click();
      await tickBox('Models to measure', bundled).check();
      await page.getByRole('checkbox', { name: /^Compare two settings/ }).check();
      await page.getByText('Give A or B a setting that the other does not have.').waitFor();
      await page.getByRole('button', { name: 'Show: Own tests' }).click();
      await field('Decode, tokens').fill('16');
      const arm = page.getByRole('group', { name: 'B', exact: true });
      await arm.getByRole('textbox', { name: 'Threads' }).fill('1');
      await arm.getByRole('textbox', { name: 'Threads' }).blur();
      await expectSound('14-two-settings-form');
      await button('Start').click();
      await button('Report').waitFor({ timeout: MEASURE_MS });
      await table('Metric by metric').getByText(/▲|▼|≈/).first().waitFor();
      await expectSound('15-two-settings');
    },
    MEASURE_MS,
  );
});
