import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { noFaults, type UserSession } from '../../support/user-session.ts';
import { expectSound } from './expect-sound.ts';

/** Prices, statements, budgets and alerts, of what the tests before have used. */
export const testMoney = (session: () => UserSession): void => {
  /** A day in the month before last, so that a price reaches back into months that are over. */
  const now = new Date();
  const fromDay = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 2, 3))
    .toISOString()
    .slice(0, 10);

  const openTab = async (name: string): Promise<void> => {
    await session().page.getByRole('tab', { name, exact: true }).click();
  };

  it('sets a price by a form that says what is wrong, and tells which past months it changes', async () => {
    const { page } = session();
    await openTab('Costs');
    await page.getByText('No price is set yet.').waitFor();
    expect(await session().look('costs-empty')).toEqual(noFaults);
    await page.getByRole('button', { name: 'Set the first price' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Prompt', { exact: true }).fill('0,25');
    await dialog.getByRole('button', { name: 'Set the price' }).click();
    await dialog.getByText('Name a model, or * for all').waitFor();
    await dialog.getByText('A price up to 1000 with at most six decimals').first().waitFor();
    await dialog.getByLabel('Model').fill('dyno*');
    await dialog.getByLabel('Prompt', { exact: true }).fill('0.25');
    await dialog.getByLabel('Output').fill('1');
    await dialog.getByLabel('From').fill(fromDay);
    await dialog.getByText(`This reaches back into ${fromDay.slice(0, 7)} to`).waitFor();
    expect(await session().look('new-price')).toEqual(noFaults);
    await dialog.getByRole('button', { name: 'Set the price' }).click();
    await page.getByRole('row', { name: /dyno\* .* EUR 0\.250000 0\.250000 1\.000000/u }).waitFor();
  });

  it('makes a statement of it, which adds up, and saves it as a page and as CSV', async () => {
    const { page } = session();
    const table = page.getByRole('group', { name: 'Statement' });
    await table.getByText('set later').first().waitFor();
    const save = async (format: string): Promise<string> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: `Save the statement as ${format}` }).click(),
      ]);
      return readFileSync(await download.path(), 'utf8');
    };
    const lines = (await save('CSV'))
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(','));
    const amounts = lines.map((line) => Math.round(Number(line[7]) * 1_000_000));
    // tokens × 0.25 or 1 for a million are so many millionths, half a one up
    expect(amounts).toEqual(
      lines.map(([, , , , kind, tokens]) => Math.round(Number(tokens) * (kind === 'output' ? 1 : 0.25))),
    );
    const total = (amounts.reduce((sum, amount) => sum + amount, 0) / 1_000_000).toFixed(6);
    await page.getByText(total, { exact: true }).waitFor();
    expect(await save('HTML')).toContain(`<td class="figure">${total}</td>`);
    await openTab('Usage');
    await page.getByText('as priced when the requests came').waitFor();
  });

  it('puts this machine beside the price, and says what each figure rests on', async () => {
    const { page } = session();
    await openTab('Costs');
    await page.getByRole('button', { name: 'Say what it costs' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('A price up to 1000 with at most six decimals, as 0.32').waitFor();
    await dialog.getByLabel('A kilowatt-hour').fill('0.32');
    await dialog.getByLabel('Hardware').fill('2400');
    await dialog.getByLabel('Assumed power, W').fill('180');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /^This machine .*(assumed power|measured)/u }).waitFor();
    await page.getByRole('row', { name: /^dyno\* from/u }).waitFor();
    await page.getByRole('heading', { name: 'This machine, last 30 days' }).scrollIntoViewIfNeeded();
    await expectSound(session(), 'costs');
  });

  it('sets a budget, draws what is used of it, tells when it is used up, and takes it away', async () => {
    const { page } = session();
    await openTab('Budgets');
    await page.getByRole('button', { name: 'Set the first budget' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tokens').fill('many');
    await dialog.getByRole('button', { name: 'Set the budget' }).click();
    await dialog.getByText('A whole number of tokens').waitFor();
    await dialog.getByLabel('Tokens').fill('50');
    expect(await session().look('new-budget')).toEqual(noFaults);
    await dialog.getByRole('button', { name: 'Set the budget' }).click();
    await page
      .getByRole('row', { name: /^Default.*month.*50 tokens.*used up: requests are refused/u })
      .waitFor();
    await openTab('Playground');
    await page.getByRole('textbox', { name: 'Message' }).fill('Hello');
    await page.keyboard.press('Enter');
    await page.getByText('100 % of the budget of tenant default').waitFor();
    await openTab('Budgets');
    await page.getByTitle('told at 80 %').waitFor();
    await expectSound(session(), 'budgets');
    // an alert stays until it is closed, and is newer than what goes by itself
    const closing = page.getByRole('button', { name: 'Close message' });
    while ((await closing.count()) > 0) await closing.first().click();
    await page.getByRole('button', { name: /^Remove the budget of Default/u }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('No budget is set').waitFor();
  });

  it('takes where alerts are sent, tries it, and says why it was not taken', async () => {
    const { page } = session();
    await openTab('Budgets');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('It must be an http or https address.').waitFor();
    await page.getByLabel('Webhook').fill('http://127.0.0.1:9/hook');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText(/was not taken .*which is on this machine or its network/u).waitFor();
    await page.getByRole('button', { name: 'Send nowhere' }).click();
    await page.getByRole('button', { name: 'Send a test' }).waitFor({ state: 'detached' });
  });
};
